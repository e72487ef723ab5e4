import Identity
import Synchronization
import Testing

@testable import RPCServer
@testable import Wire

/// Methods that stream in every direction, over a small message, registered for tests only.
enum StreamMethods {
    /// Counts what it was sent.
    static let collect = method("Collect", .clientStreaming)
    /// Sends back each item as it comes.
    static let echo = method("Echo", .bidirectionalStreaming)
    /// Sends items until it is stopped.
    static let flood = method("Flood", .serverStreaming)
    /// Reads nothing until it is stopped.
    static let deaf = method("Deaf", .clientStreaming)

    /// The items that `flood` could send so far.
    static let itemBytes = 4096

    static func register(into table: inout HandlerTable<CallContext>, flooded: Counter) -> [MethodDescriptor] {
        table.register(clientStreaming: collect) { (requests: RequestStream<Wire.Reason>, _) in
            var count = 0
            for try await _ in requests { count += 1 }
            return Wire.Reason(id: String(count))
        }
        table.register(bidirectionalStreaming: echo) { (requests: RequestStream<Wire.Reason>, _, send) in
            for try await request in requests { try await send(request) }
        }
        table.register(serverStreaming: flood) { (request: Wire.Reason, _, send) in
            while true {
                try await send(Wire.Reason(id: String(repeating: "x", count: itemBytes)))
                flooded.add()
            }
        }
        table.register(clientStreaming: deaf) { (_: RequestStream<Wire.Reason>, _) in
            try await Task.sleep(for: .seconds(600))
            return Wire.Reason()
        }
        return [collect, echo, flood, deaf]
    }

    private static func method(_ name: String, _ kind: MethodDescriptor.Kind) -> MethodDescriptor {
        MethodDescriptor(
            service: "gatehouse.test.StreamService",
            name: name,
            permission: "server.read",
            userAccess: .none,
            stepUp: .none,
            maximumRequestBytes: 8192,
            kind: kind,
            isReadOnly: false,
            requestType: Wire.Reason.fullName,
            responseType: Wire.Reason.fullName
        )
    }
}

/// A number that many tasks raise.
final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
