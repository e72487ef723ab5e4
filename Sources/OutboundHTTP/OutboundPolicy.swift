/// Where requests may go, and what one may cost.
package struct OutboundPolicy: Sendable {
    /// Hosts, with or without a port, that are reached at any address and without TLS; for development and tests.
    package var developmentHosts: Set<String>
    /// PEM file of the authorities trusted instead of the system's.
    package var certificateAuthorityFile: String?
    /// For one request from looking up its host to the last byte.
    package var totalTimeout: Duration
    /// Until the connection stands, TLS included.
    package var connectTimeout: Duration
    /// Bytes of a body; a longer one is refused unread.
    package var maximumBodyBytes: Int

    package init(
        developmentHosts: Set<String> = [],
        certificateAuthorityFile: String? = nil,
        totalTimeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(4),
        maximumBodyBytes: Int = 262_144
    ) {
        self.developmentHosts = Set(developmentHosts.map { $0.lowercased() })
        self.certificateAuthorityFile = certificateAuthorityFile
        self.totalTimeout = totalTimeout
        self.connectTimeout = connectTimeout
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Whether an address belongs to a host that was named for development.
    package func isForDevelopment(_ url: OutboundURL) -> Bool {
        developmentHosts.contains(url.host) || developmentHosts.contains("\(url.host):\(url.port)")
    }

    /// Whether a request may be tried at all; where its host is, is looked at later.
    package func admits(_ url: OutboundURL) -> Bool {
        url.isSecure || isForDevelopment(url)
    }

    /// Whether a request may go to the machine that its host turned out to be.
    func admits(_ address: IPAddress, for url: OutboundURL) -> Bool {
        address.isPublic || isForDevelopment(url)
    }
}
