internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Opens connections.
struct ClientConnector: Sendable {
    /// Name of the protocol in the TLS handshake.
    static let applicationProtocol = "gatehouse/1"

    private let configuration: ClientConfiguration
    private let tls: NIOSSLContext?

    init(_ configuration: ClientConfiguration) throws {
        self.configuration = configuration
        if case .tls(_, _, let authority) = configuration.endpoint {
            tls = try Self.context(authority, configuration.certificate)
        } else {
            tls = nil
        }
    }

    /// Connects, and shakes hands where there is TLS.
    ///
    /// - Throws: `RPCError` with code `unavailable`.
    func connect() async throws -> ClientConnection {
        let tls = tls
        let serverName = serverName
        let initialize: @Sendable (any Channel) -> EventLoopFuture<(ClientConnection, EventLoopFuture<Void>)> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let connection = ClientConnection(channel: channel)
                let ready = channel.eventLoop.makePromise(of: Void.self)
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(
                        try NIOSSLClientHandler(context: tls, serverHostname: serverName)
                    )
                }
                let handler = ClientFrameHandler(connection: connection, ready: ready, awaitsHandshake: tls != nil)
                try channel.pipeline.syncOperations.addHandler(handler)
                return (connection, ready.futureResult)
            }
        }
        do {
            let (connection, ready) = try await open(initialize)
            try await ready.get()
            return connection
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.unavailable, "the server cannot be reached at \(place)")
        }
    }

    private func open<Output: Sendable>(
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
    ) async throws -> Output {
        switch configuration.endpoint {
        case .tls(let host, let port, _), .plaintext(let host, let port):
            try await makeBootstrap().connect(host: host, port: port, channelInitializer: initialize)
        case .unixSocket(let path):
            try await makeBootstrap().connect(unixDomainSocketPath: path, channelInitializer: initialize)
        }
    }

    private func makeBootstrap() -> ClientBootstrap {
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.milliseconds(configuration.connectTimeout.milliseconds))
    }

    private var place: String {
        switch configuration.endpoint {
        case .tls(let host, let port, _), .plaintext(let host, let port): "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }

    /// The name to check the certificate for; nil for an address, which is checked as it is.
    private var serverName: String? {
        guard case .tls(let host, let port, _) = configuration.endpoint else { return nil }
        return (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
    }

    private static func context(
        _ authority: String?,
        _ certificate: ClientConfiguration.ClientCertificate?
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [applicationProtocol]
        if let authority { configuration.trustRoots = .file(authority) }
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.chainFile)
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.privateKeyFile, format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
