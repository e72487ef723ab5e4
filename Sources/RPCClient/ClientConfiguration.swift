/// How a client reaches a Gatehouse server, and as whom.
public struct ClientConfiguration: Sendable {
    /// A way to the server.
    public enum Endpoint: Sendable, Hashable {
        /// TLS 1.3; the server's certificate is checked against `authorityFile` (PEM), or the system's authorities.
        case tls(host: String, port: Int, authorityFile: String?)
        /// Plaintext to a loopback address.
        case plaintext(host: String, port: Int)
        /// Plaintext over a Unix socket.
        case unixSocket(path: String)
    }

    /// A certificate to show to the server (mTLS): PEM files.
    public struct ClientCertificate: Sendable, Hashable {
        /// The chain, leaf first.
        public var chainFile: String
        /// The private key.
        public var privateKeyFile: String

        /// Names the two files.
        public init(chainFile: String, privateKeyFile: String) {
            self.chainFile = chainFile
            self.privateKeyFile = privateKeyFile
        }
    }

    /// Where the server is.
    public var endpoint: Endpoint
    /// The service token, asked for at each call, so that it can be rotated; nil for none.
    public var token: @Sendable () -> [UInt8]?
    /// The client's certificate; nil for none.
    public var certificate: ClientCertificate?
    /// How long a call may take when it says nothing itself.
    public var timeout: Duration = .seconds(10)
    /// How long a connection may take to open.
    public var connectTimeout: Duration = .seconds(5)
    /// How often a call that is safe to repeat is made in all.
    public var attempts = 3

    /// Makes a configuration with the default time limits.
    ///
    /// - Parameters:
    ///   - endpoint: Where the server is.
    ///   - token: Gives the service token.
    public init(endpoint: Endpoint, token: @escaping @Sendable () -> [UInt8]? = { nil }) {
        self.endpoint = endpoint
        self.token = token
    }
}
