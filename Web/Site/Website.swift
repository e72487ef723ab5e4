internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Identity
package import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle

/// The site for people: sign in, account, sign out.
///
/// Its handlers call the domain in process and hold no rule.
package struct Website: Service {
    private let parts: SiteParts
    private let server: HTTPServerBuilder
    private let onListening: @Sendable (Int) async -> Void

    /// Reads templates, strings and styles and checks them all.
    ///
    /// - Parameters:
    ///   - core: The domain.
    ///   - configuration: Where and how to serve.
    ///   - logger: For requests.
    ///   - onListening: Is told the port once connections are accepted.
    /// - Throws: A sentence about what is wrong with the configuration or a file.
    package init(
        core: IdentityCore,
        configuration: WebsiteConfiguration,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        parts = try SiteParts(core: core, configuration: configuration, logger: logger)
        server = try Self.server(parts)
        self.onListening = onListening
    }

    /// Serves until cancelled or told to shut down; requests under way are answered first.
    package func run() async throws {
        let configuration = parts.configuration
        let listener = HTTPListener(
            responder: SiteResponder(parts: parts),
            server: server,
            configuration: ServerConfiguration(
                address: .hostname(configuration.listenHost, port: configuration.listenPort),
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.limits.connections,
                    logger: parts.logger
                )
            ),
            logger: parts.logger,
            onListening: { [onListening, parts] port in
                parts.listens(on: port)
                await onListening(port)
            }
        )
        try await listener.run()
    }

    private static func server(_ parts: SiteParts) throws -> HTTPServerBuilder {
        let limits = parts.configuration.limits
        let headers = parts.securityHeaders
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [
                    SecurityHeadersHandler(headers), RequestDeadlineHandler(limits.requestTime),
                ],
                idleTimeout: limits.idleTime,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytes,
                    maxHeaderListSize: limits.headerBytes,
                    maxHeaderFieldCount: limits.headerCount
                )
            )
        )
        guard let certificate = parts.configuration.certificateFile,
            let key = parts.configuration.privateKeyFile
        else { return plain }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
        )
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return try .tls(plain, tlsConfiguration: tls)
    }
}
