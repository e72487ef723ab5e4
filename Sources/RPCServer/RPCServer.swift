package import Identity
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Wire

/// The RPC interface: listeners, connections, and the methods behind them.
///
/// On graceful shutdown it takes no new connection, tells every client to go away, and returns when the calls in
/// flight are answered, or after `RPCLimits.drain`.
package struct RPCServer: Service {
    private let core: IdentityCore
    private let configuration: RPCServerConfiguration
    private let logger: Logger
    private let onListening: @Sendable ([Int]) async -> Void
    /// Further methods, for tests.
    var moreMethods: @Sendable (inout HandlerTable<CallContext>) -> [MethodDescriptor] = { _ in [] }

    /// Makes a server; nothing is opened before `run`.
    ///
    /// - Parameters:
    ///   - core: The domain.
    ///   - configuration: Where to listen, and limits.
    ///   - logger: For calls that fail.
    ///   - onListening: Called once when everything listens, with the ports of the TCP listeners in their order.
    package init(
        core: IdentityCore,
        configuration: RPCServerConfiguration,
        logger: Logger,
        onListening: @escaping @Sendable ([Int]) async -> Void = { _ in }
    ) {
        self.core = core
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        let health = HealthState(core: core)
        let router = CallRouter(
            core: core,
            configuration: configuration,
            health: health,
            logger: logger,
            more: moreMethods
        )
        let hub = ConnectionHub(router: router, limits: configuration.limits)
        let listeners = try await ListenerBinder(configuration: configuration, hub: hub).bindAll()
        await onListening(listeners.compactMap { $0.localAddress?.port })
        await withDiscardingTaskGroup { group in
            group.addTask {
                await Self.untilShutdown()
                health.beginDrain()
                for listener in listeners { try? await listener.close() }
                await hub.drain()
            }
            for await connection in hub.accepted { group.addTask { await connection.serve() } }
        }
    }

    /// Returns when the service group asks this service to stop, or its task is cancelled.
    private static func untilShutdown() async {
        let (stopped, stop) = AsyncStream<Void>.makeStream()
        await withGracefulShutdownHandler {
            for await _ in stopped {}
        } onGracefulShutdown: {
            stop.finish()
        }
    }
}
