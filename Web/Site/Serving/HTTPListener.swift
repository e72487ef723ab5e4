package import Hummingbird
package import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// Serves one responder on one address.
///
/// It stands where Hummingbird's `Application` could: that one keeps the date of its answers by a timer, which alone
/// takes 350 µs of processor time in every second of an idle process.
package struct HTTPListener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let server: HTTPServerBuilder
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - responder: Answers; what it throws becomes an empty answer of status 500.
    ///   - server: How connections are handled.
    ///   - configuration: Where to listen.
    ///   - logger: For what goes wrong.
    ///   - onListening: Is told the port once connections are accepted.
    package init(
        responder: Responder,
        server: HTTPServerBuilder = .http1(),
        configuration: ServerConfiguration,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) {
        self.responder = responder
        self.server = server
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until cancelled or told to shut down; requests under way are answered first.
    package func run() async throws {
        let service = try server.buildServer(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger,
            responder: { request, writer, channel in
                let response = await respond(to: request, on: channel)
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }
        )
        try await service.run()
    }

    private func respond(to request: Request, on channel: any Channel) async -> Response {
        var response: Response
        do {
            let context = Responder.Context(source: .init(channel: channel, logger: logger))
            response = try await responder.respond(to: request, context: context)
        } catch {
            logger.error("a request failed", metadata: ["error": "\(error)"])
            response = Response(status: .internalServerError)
        }
        // RFC 9110 section 6.6.1.
        response.headers[.date] = HTTPDate.now
        return response
    }
}
