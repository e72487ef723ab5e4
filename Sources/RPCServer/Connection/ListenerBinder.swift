internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Wire

/// Opens the configured listeners, all or none.
struct ListenerBinder {
    let configuration: RPCServerConfiguration
    let hub: ConnectionHub

    func bindAll() async throws -> [any Channel] {
        var bound: [any Channel] = []
        do {
            for listener in configuration.listeners { bound.append(try await bind(listener)) }
        } catch {
            for channel in bound { try? await channel.close() }
            throw error
        }
        return bound
    }

    private func bind(_ listener: RPCServerConfiguration.Listener) async throws -> any Channel {
        switch listener {
        case .tls(let host, let port, let tls):
            let context = try Self.context(tls)
            return try await bootstrap(tls: context).bind(host: host, port: port).get()
        case .plaintext(let host, let port):
            let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
            guard address.isLoopback else {
                throw RPCServerError("RPC without TLS is served on a loopback address only, not on \(host)")
            }
            return try await bootstrap(tls: nil).bind(to: address).get()
        case .unixSocket(let path):
            return try await bindSocket(path)
        }
    }

    /// Only its owner's processes may connect: the directory keeps others out until the mode of the socket does.
    private func bindSocket(_ path: String) async throws -> any Channel {
        let channel = try await bootstrap(tls: nil)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        guard chmod(path, 0o600) == 0 else {
            try await channel.close()
            throw RPCServerError("the mode of the RPC socket cannot be set")
        }
        // A socket that nobody listens on would be taken for a server.
        channel.closeFuture.whenComplete { _ in unlink(path) }
        return channel
    }

    private func bootstrap(tls: NIOSSLContext?) -> ServerBootstrap {
        let hub = hub
        let high = max(configuration.limits.pendingAnswers, 8)
        return ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: high / 8, high: high)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try hub.adopt(channel, usesTLS: tls != nil)
                }
            }
    }

    /// TLS 1.3 only, our ALPN name, and client certificates checked when an authority is configured (RPC-01, RPC-02).
    private static func context(_ tls: RPCServerConfiguration.TLS) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(tls.certificateChainFile).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(file: tls.privateKeyFile, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.applicationProtocols = [Transport.applicationProtocol]
        // A client that never answers the end of TLS does not hold up the end of the server.
        configuration.shutdownTimeout = .seconds(1)
        if let authority = tls.clientAuthorityFile {
            configuration.trustRoots = .file(authority)
            configuration.certificateVerification =
                tls.requiresClientCertificate ? .noHostnameVerification : .optionalVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }
}

extension SocketAddress {
    /// Whether it can only be reached from this machine.
    var isLoopback: Bool {
        switch self {
        case .v4, .v6: ipAddress.map(Transport.isLoopback) ?? false
        case .unixDomainSocket: true
        }
    }
}
