internal import Wire

/// Where the RPC interface listens and what it puts up with.
package struct RPCServerConfiguration: Sendable {
    /// One place to listen.
    package enum Listener: Sendable {
        /// TLS 1.3 with ALPN `gatehouse/1`.
        case tls(host: String, port: Int, TLS)
        /// Plaintext; a loopback address only.
        case plaintext(host: String, port: Int)
        /// Plaintext on a Unix socket that its owner's processes reach.
        case unixSocket(path: String)
    }

    /// Certificates of a TLS listener.
    package struct TLS: Sendable {
        /// PEM file with the server's chain, leaf first.
        package var certificateChainFile: String
        /// PEM file with its private key.
        package var privateKeyFile: String
        /// PEM file with the authorities of client certificates; nil: clients are asked for none.
        package var clientAuthorityFile: String?
        /// Whether a client without a certificate is turned away in the handshake; with `clientAuthorityFile` only.
        package var requiresClientCertificate: Bool

        package init(
            certificateChainFile: String,
            privateKeyFile: String,
            clientAuthorityFile: String? = nil,
            requiresClientCertificate: Bool = false
        ) {
            self.certificateChainFile = certificateChainFile
            self.privateKeyFile = privateKeyFile
            self.clientAuthorityFile = clientAuthorityFile
            self.requiresClientCertificate = requiresClientCertificate
        }
    }

    package var listeners: [Listener]
    package var limits = RPCLimits()
    /// Of the program, for `GetVersion`.
    package var version: String

    package init(listeners: [Listener], version: String) {
        self.listeners = listeners
        self.version = version
    }
}

/// What a connection may use (SECURITY RPC-07, RPC-08); every number has its default.
package struct RPCLimits: Sendable {
    /// Connections at a time; one more is closed at once.
    package var connections = 4096
    /// Connections at a time from one source address.
    package var connectionsPerAddress = 1024
    /// Calls in flight on a connection; one more is refused.
    package var callsInFlight = Transport.callsInFlight
    /// Of them, those that stream.
    package var streams = 32
    /// Entries of a call's metadata.
    package var metadataEntries = 32
    /// From accept to the end of the first frame, the TLS handshake included.
    package var firstFrame: Duration = .seconds(15)
    /// From the first byte of a frame to its last.
    package var frame: Duration = .seconds(15)
    /// Without a byte or a call in flight.
    package var idle: Duration = .seconds(600)
    /// How long a client may leave its answers unread.
    package var slowReader: Duration = .seconds(30)
    /// Bytes of answers that wait to be read by the client before no more calls are read from it.
    package var pendingAnswers = 512 * 1024
    /// Pings answered in a second.
    package var pingsPerSecond = 10
    /// For calls that name no time-out.
    package var defaultTimeout: Duration = .seconds(10)
    /// The longest time-out a call may have.
    package var maximumTimeout: Duration = .seconds(300)
    /// The longest time-out of a call that streams, and what it gets when it names none.
    package var maximumStreamTimeout: Duration = .seconds(24 * 3600)
    /// How long a client may leave a stream unread, or leave the server waiting for its next item.
    package var streamStall: Duration = .seconds(60)
    /// How often the caller of a stream is authenticated and authorised again.
    package var reauthorization: Duration = .seconds(15)
    /// How long calls in flight may take to end when the server stops.
    package var drain: Duration = .seconds(20)

    package init() {}
}

/// A listener that cannot be opened as configured.
package struct RPCServerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
