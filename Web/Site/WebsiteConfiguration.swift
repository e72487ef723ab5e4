internal import NIOCore

/// Where and how the site is served.
package struct WebsiteConfiguration: Sendable {
    package var listenHost = "127.0.0.1"
    /// 0 takes a free one.
    package var listenPort = 8080
    /// How browsers reach the site: scheme, host, port.
    ///
    /// `http` only on a loopback host; port 0 stands for the one that the listener is given.
    package var publicURL = "http://localhost:8080"
    /// Further values of the `Host` header, such as `www.example.com`; others get 421.
    package var allowedHosts: [String] = []
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: [String] = []
    /// Exact addresses outside the site to which a sign-in may lead back.
    package var returnTargets: [String] = []
    /// `https` origins whose pages may use this site's passkeys.
    package var relatedOrigins: [String] = []
    package var siteName = "Gatehouse"
    /// A directory laid out like `Web/` whose files replace the built-in ones; nil for none.
    package var webDirectory: String?
    /// PEM chain, when the site serves TLS itself; needs `privateKeyFile`, too.
    package var certificateFile: String?
    package var privateKeyFile: String?
    package var limits = WebsiteLimits()

    package init() {}
}

/// What one client may use up.
package struct WebsiteLimits: Sendable {
    package var connections = 2048
    /// How long a connection may be silent.
    package var idleTimeSeconds: Int64 = 20
    /// How long a request may take to arrive, head and body.
    package var requestTimeSeconds: Int64 = 15
    /// How long the domain may take.
    package var answerTime: Duration = .seconds(10)
    package var headerBytes = 16 * 1024
    package var headerCount = 64
    package var bodyBytes = 16 * 1024

    package init() {}

    var idleTime: TimeAmount { .seconds(idleTimeSeconds) }
    var requestTime: TimeAmount { .seconds(requestTimeSeconds) }
}

/// Why the site cannot be served as configured; one sentence.
package struct WebsiteConfigurationError: Error, CustomStringConvertible {
    package let description: String
}
