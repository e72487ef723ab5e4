internal import Metrics
internal import NIOCore
internal import Synchronization

/// All connections: admits them, counts them, and drains them at the end.
final class ConnectionHub: Sendable {
    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var perAddress: [String: Int] = [:]
        var isDraining = false
        var drained: CheckedContinuation<Void, Never>?
    }

    private let router: CallRouter
    private let limits: RPCLimits
    private let state = Mutex(State())
    private let gauge = Gauge(label: "gatehouse_rpc_connections")
    private let refused = Counter(label: "gatehouse_rpc_connections_refused")
    /// The connections to serve; ends with the drain.
    let accepted: AsyncStream<Connection>
    private let accept: AsyncStream<Connection>.Continuation

    init(router: CallRouter, limits: RPCLimits) {
        self.router = router
        self.limits = limits
        (accepted, accept) = AsyncStream.makeStream()
    }

    /// Takes a new channel, on its event loop; closes it when there are too many.
    func adopt(_ channel: any Channel, usesTLS: Bool) throws {
        let connection = Connection(channel: channel, limits: limits, router: router)
        guard admit(connection) else {
            refused.increment()
            channel.close(promise: nil)
            return
        }
        channel.closeFuture.whenComplete { _ in
            connection.channelClosed()
            self.release(connection)
        }
        let handler = FrameHandler(connection: connection, awaitsHandshake: usesTLS)
        try channel.pipeline.syncOperations.addHandler(handler)
        accept.yield(connection)
    }

    /// Tells every client to go away, and returns when the last connection has closed or the limit has passed.
    func drain() async {
        let connections = state.withLock { state in
            state.isDraining = true
            return Array(state.connections.values)
        }
        for connection in connections { connection.drain("the server is stopping") }
        await withDiscardingTaskGroup { group in
            group.addTask {
                try? await Task.sleep(for: self.limits.drain)
                self.closeAll()
            }
            await untilEmpty()
            group.cancelAll()
        }
        accept.finish()
    }

    private func closeAll() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.abort() }
    }

    private func untilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.connections.isEmpty { state.drained = continuation }
                return state.connections.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func admit(_ connection: Connection) -> Bool {
        let address = connection.address ?? ""
        return state.withLock { state in
            guard !state.isDraining, state.connections.count < limits.connections else { return false }
            let sameAddress = state.perAddress[address, default: 0]
            // Local callers on a Unix socket have no address and share the total only.
            guard address.isEmpty || sameAddress < limits.connectionsPerAddress else { return false }
            state.perAddress[address] = sameAddress + 1
            state.connections[ObjectIdentifier(connection)] = connection
            gauge.record(state.connections.count)
            return true
        }
    }

    private func release(_ connection: Connection) {
        let address = connection.address ?? ""
        let drained = state.withLock { state in
            guard state.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else {
                return CheckedContinuation<Void, Never>?.none
            }
            let rest = state.perAddress[address, default: 1] - 1
            state.perAddress[address] = rest > 0 ? rest : nil
            gauge.record(state.connections.count)
            guard state.connections.isEmpty else { return nil }
            defer { state.drained = nil }
            return state.drained
        }
        drained?.resume()
    }
}
