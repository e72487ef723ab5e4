import Cryptography
import Identity
import Logging
import NIOCore
import NIOSSL
import RPCClient
import ServiceLifecycle
import Wire

@testable import RPCServer

/// A real server that listens on loopback, with the core behind it.
struct TestServer: Sendable {
    let world: RPCWorld
    let port: Int
    /// What `StreamMethods.flood` has sent.
    let flooded: Counter
    let stop: @Sendable () async -> Void

    /// Raw bytes and frames.
    func connect(_ tls: NIOSSLContext? = nil, isReading: Bool = true) async throws -> RawConnection {
        try await RawConnection.connect(port: port, tls: tls, isReading: isReading)
    }

    /// Our own client, as a service account.
    func client(_ token: SecretBytes? = nil) throws -> GatehouseClient {
        let bytes = token.map { $0.withBytes { Array($0) } }
        var configuration = ClientConfiguration(endpoint: .plaintext(host: "127.0.0.1", port: port)) { bytes }
        // A busy machine must decide no test.
        configuration.timeout = .seconds(120)
        return try GatehouseClient(configuration)
    }
}

/// Runs a test against a server of its own, and stops it gracefully afterwards.
func withServer<R>(
    lanes: Int = 2,
    listener: RPCServerConfiguration.Listener = .plaintext(host: "127.0.0.1", port: 0),
    _ change: (inout RPCLimits) -> Void = { _ in },
    _ body: (TestServer) async throws -> R
) async throws -> R {
    try await withServer(of: try await RPCWorld(lanes: lanes), listener: listener, change, body)
}

/// Runs a test against a server in front of a core.
func withServer<R>(
    of world: RPCWorld,
    listener: RPCServerConfiguration.Listener = .plaintext(host: "127.0.0.1", port: 0),
    _ change: (inout RPCLimits) -> Void = { _ in },
    _ body: (TestServer) async throws -> R
) async throws -> R {
    var configuration = RPCServerConfiguration(listeners: [listener], version: "1.2.3")
    configuration.limits.drain = .seconds(5)
    change(&configuration.limits)
    let (ports, report) = AsyncStream<Int>.makeStream()
    var server = RPCServer(core: world.core, configuration: configuration, logger: world.logger) { ports in
        report.yield(ports.first ?? 0)
    }
    let flooded = Counter()
    server.moreMethods = { StreamMethods.register(into: &$0, flooded: flooded) }
    let services = ServiceGroup(
        configuration: .init(
            services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: .quiet
        )
    )
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { report.finish() }
            try await services.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await tasks.waitForAll()
            throw ServerDidNotStart()
        }
        let test = TestServer(world: world, port: port, flooded: flooded) { await services.triggerGracefulShutdown() }
        let result = try await body(test)
        await services.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}

struct ServerDidNotStart: Error {}
