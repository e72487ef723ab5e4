internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Website

/// Health, readiness and metrics, on an address of their own: nothing here is for the public (SECURITY RPC-16).
struct OperationsServer: Service {
    let host: String
    let port: Int
    let registry: MetricsRegistry
    let logger: Logger
    /// Whether calls can be served: database reachable, not draining.
    let isReady: @Sendable () -> Bool
    let onListening: @Sendable (Int) async -> Void

    func run() async throws {
        let listener = HTTPListener(
            responder: makeRouter().buildResponder(),
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            logger: logger,
            onListening: onListening
        )
        try await listener.run()
    }

    private func makeRouter() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.get("/healthz") { _, _ in text("ok\n") }
        router.get("/readyz") { _, _ in
            isReady() ? text("ready\n") : text("not ready\n", status: .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in text(registry.exposition(), type: "text/plain; version=0.0.4; charset=utf-8") }
        return router
    }

    private func text(
        _ body: String,
        status: HTTPResponse.Status = .ok,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: body))
        )
    }
}
