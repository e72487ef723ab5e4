internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Wire

/// Opens connections.
struct ClientConnector: Sendable {
    private let configuration: ClientConfiguration
    private let tls: NIOSSLContext?

    /// Reads the certificates.
    init(_ configuration: ClientConfiguration) throws {
        self.configuration = configuration
        switch configuration.endpoint {
        case .tls(_, _, let authority): tls = try Self.context(authority, configuration.certificate)
        case .plaintext(let host, _):
            guard Transport.isLoopback(host: host) else {
                throw RPCError(.invalidArgument, "without TLS only a loopback address may be called")
            }
            tls = nil
        case .unixSocket: tls = nil
        }
    }

    /// Connects, and shakes hands where there is TLS; fails with an `RPCError` of code `unavailable`.
    func connect() -> EventLoopFuture<ClientConnection> {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let place = place
        let limit = TimeAmount.milliseconds(configuration.connectTimeout.milliseconds)
        return open(on: loop, limit)
            .flatMap { channel in Self.ready(channel, within: limit) }
            .flatMapErrorThrowing { error in
                throw error as? RPCError ?? RPCError(.unavailable, "the server cannot be reached at \(place)")
            }
    }

    private func open(on loop: any EventLoop, _ limit: TimeAmount) -> EventLoopFuture<any Channel> {
        let (tls, serverName) = (tls, serverName)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = ClientConnection(channel: channel)
                    let ready = channel.eventLoop.makePromise(of: Void.self)
                    let handler = ClientFrameHandler(connection: connection, ready: ready, awaitsHandshake: tls != nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    guard let tls else { return }
                    let handshake = try NIOSSLClientHandler(context: tls, serverHostname: serverName)
                    try channel.pipeline.syncOperations.addHandler(handshake, position: .first)
                }
            }
        switch configuration.endpoint {
        case .tls(let host, let port, _), .plaintext(let host, let port):
            return bootstrap.connect(host: host, port: port)
        case .unixSocket(let path): return bootstrap.connect(unixDomainSocketPath: path)
        }
    }

    /// The connection of a channel, when its handshake has ended well.
    private static func ready(
        _ channel: any Channel,
        within limit: TimeAmount
    ) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.flatSubmit {
            do {
                let handler = try channel.pipeline.syncOperations.handler(type: ClientFrameHandler.self)
                let (connection, promise) = (handler.connection, handler.ready)
                let timer = channel.eventLoop.scheduleTask(in: limit) {
                    promise.fail(RPCError(.unavailable, "the server did not shake hands in time"))
                    channel.close(promise: nil)
                }
                promise.futureResult.whenComplete { _ in timer.cancel() }
                return promise.futureResult.map { connection }
            } catch {
                return channel.eventLoop.makeFailedFuture(RPCError(.unavailable, "the server closed the connection"))
            }
        }
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
        configuration.applicationProtocols = [Transport.applicationProtocol]
        configuration.shutdownTimeout = .seconds(1)
        if let authority { configuration.trustRoots = .file(authority) }
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.chainFile)
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.privateKeyFile, format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
