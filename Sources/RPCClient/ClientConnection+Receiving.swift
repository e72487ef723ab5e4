internal import NIOCore
internal import Synchronization
internal import Wire

extension ClientConnection {
    /// Takes one frame of the server.
    func receive(_ frame: Frame) {
        switch frame {
        case .reply(let reply): end(reply.callID, reply.status, reply.message)
        case .end(let end): self.end(end.callID, end.status, nil)
        case .item(let item): pass(item.callID) { flow throws(StreamFlow.Misuse) in try flow.receive(item.message) }
        case .credit(let credit):
            pass(credit.callID) { flow throws(StreamFlow.Misuse) in try flow.receive(credit: Int(credit.bytes)) }
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

    private func end(_ callID: UInt64, _ status: Status?, _ message: [UInt8]?) {
        let (pending, flushes) = state.withLock { state in
            let pending = state.pending.removeValue(forKey: callID)
            state.sent = max(state.sent - 1, 0)
            return (pending, state.sendNext())
        }
        if flushes { scheduleFlush() }
        guard let receiver = pending?.receiver else { return }
        if let status { return receiver.fail(RPCError(status)) }
        switch receiver {
        case .reply(let continuation): continuation.resume(returning: message ?? [])
        case .stream(let flow): finish(flow, message)
        }
    }

    /// A call that streamed has ended well, with an answer when only its requests were a stream.
    private func finish(_ flow: StreamFlow, _ message: [UInt8]?) {
        do throws(StreamFlow.Misuse) {
            if let message { try flow.receive(message) }
            try flow.receiveEnd()
        } catch {
            flow.interrupt(RPCError.brokenStream)
        }
        flow.interrupt(RPCError.streamOver)
    }

    /// Hands a frame to the stream of a call that has not ended; a server that breaks the rules of streams is left.
    private func pass(_ callID: UInt64, _ give: (StreamFlow) throws(StreamFlow.Misuse) -> Void) {
        guard case .stream(let flow) = state.withLock({ $0.pending[callID]?.receiver }) else { return }
        do { try give(flow) } catch { close() }
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
