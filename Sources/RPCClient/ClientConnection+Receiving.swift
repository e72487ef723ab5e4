internal import NIOCore
internal import Synchronization
internal import Wire

extension ClientConnection {
    /// Takes one frame of the server.
    func receive(_ frame: Frame) {
        switch frame {
        case .reply(let reply): end(reply.callID, reply.status, reply.message)
        case .end(let end): self.end(end.callID, end.status, [])
        case .item(let item):
            if case .stream(let stream) = state.withLock({ $0.pending[item.callID]?.receiver }) {
                stream.yield(item.message)
            }
        case .goAway(let goAway): stop(after: goAway.lastCallID)
        case .ping(let ping): send(.pong(PongFrame(opaque: ping.opaque)))
        case .call, .cancel, .pong: break
        }
    }

    /// The connection is gone, and with it every answer.
    func lost() {
        let pending = state.withLock { state in
            state.isUsable = false
            defer { state.pending = [:] }
            return state.pending.values
        }
        for call in pending { call.receiver.fail(call.isSent ? .connectionLost : .goingAway) }
    }

    private func end(_ callID: UInt64, _ status: Status?, _ message: [UInt8]) {
        let (pending, flushes) = state.withLock { state in
            let pending = state.pending.removeValue(forKey: callID)
            state.sent = max(state.sent - 1, 0)
            return (pending, state.sendNext())
        }
        if flushes { scheduleFlush() }
        guard let receiver = pending?.receiver else { return }
        if let status { return receiver.fail(RPCError(status)) }
        switch receiver {
        case .reply(let continuation): continuation.resume(returning: message)
        case .stream(let stream): stream.finish()
        }
    }

    /// The server takes no more calls here; it begins none after `last`.
    private func stop(after last: UInt64) {
        let refused = state.withLock { state in
            state.isUsable = false
            let refused = state.pending.filter { $0.key > last || !$0.value.isSent }
            for callID in refused.keys { state.pending[callID] = nil }
            return refused.values
        }
        for call in refused { call.receiver.fail(.goingAway) }
    }
}
