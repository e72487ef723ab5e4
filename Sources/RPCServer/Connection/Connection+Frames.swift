internal import NIOCore
internal import Synchronization
internal import Wire

// What the client sends. Runs on the connection's event loop and never waits.
extension Connection {
    /// Takes one frame.
    ///
    /// - Returns: The call to start, when the frame began one.
    func receive(_ frame: Frame) -> CallInFlight? {
        switch frame {
        case .call(let call): return begin(call)
        case .cancel(let cancel): state.withLock { $0.calls[cancel.callID] }?.cancel()
        case .ping(let ping): answer(ping)
        case .item(let item): pass(item.callID) { stream throws(StreamFlow.Misuse) in try stream.receive(item.message) }
        case .end(let end): pass(end.callID) { stream throws(StreamFlow.Misuse) in try stream.receiveEnd() }
        case .credit(let credit): take(credit)
        case .reply, .pong, .goAway: refuse("only a server sends this frame")
        }
        return nil
    }

    private func begin(_ frame: CallFrame) -> CallInFlight? {
        switch admit(frame) {
        case .start(let call): return call
        case .refused(let status): send(.reply(ReplyFrame(callID: frame.callID, status: status)))
        case .misused: refuse("a call id is zero or in use")
        case .ignored: break
        }
        return nil
    }

    private enum Admission {
        case start(CallInFlight)
        case refused(Status)
        case misused, ignored
    }

    /// A call that was cancelled counts until its work has ended: beginning and cancelling buys nobody more work.
    private func admit(_ frame: CallFrame) -> Admission {
        state.withLock { state in
            guard state.phase == .open || state.phase == .ending else { return .ignored }
            guard frame.callID != 0, state.calls[frame.callID] == nil else { return .misused }
            guard state.phase == .open else { return .refused(.draining) }
            guard state.calls.count < limits.callsInFlight else { return .refused(.tooManyCalls) }
            let call = CallInFlight(frame)
            state.calls[frame.callID] = call
            state.lastCallID = max(state.lastCallID, frame.callID)
            return .start(call)
        }
    }

    private func answer(_ ping: PingFrame) {
        let isAllowed = state.withLock { $0.pings.take(limit: limits.pingsPerSecond) }
        guard isAllowed else { return refuse("too many pings") }
        send(.pong(PongFrame(opaque: ping.opaque)))
    }
}

// What the client gets.
extension Connection {
    /// Queues a frame; frames queued in one turn of the event loop leave in one write.
    func send(_ frame: Frame) {
        let bytes = frame.encodedWithLength()
        let schedules = state.withLock { state in
            state.phase != .closed && state.queue(bytes)
        }
        if schedules { scheduleFlush() }
    }

    /// Ends a call with its last frame.
    func finish(_ callID: UInt64, _ answer: Frame) {
        let bytes = answer.encodedWithLength()
        let (schedules, stream) = state.withLock { state in
            state.calls[callID] = nil
            let stream = state.streams.removeValue(forKey: callID)
            guard state.phase != .closed else { return (false, stream) }
            if state.phase == .ending, state.calls.isEmpty { state.phase = .closing }
            return (state.queue(bytes), stream)
        }
        stream?.flow.close(CancellationError())
        if schedules { scheduleFlush() }
    }

    func scheduleFlush() {
        channel.eventLoop.execute { self.flush() }
    }

    private func flush() {
        let (bytes, closes) = state.withLock { state in
            let bytes = state.outbound
            state.outbound = ByteBuffer()
            state.isFlushScheduled = false
            return (bytes, state.phase == .closing)
        }
        guard closes else { return channel.writeAndFlush(bytes, promise: nil) }
        let channel = channel
        channel.writeAndFlush(bytes).whenComplete { _ in channel.close(promise: nil) }
    }
}

extension Connection.State {
    /// Adds bytes to the next write; true when that write is still to be scheduled.
    mutating func queue(_ bytes: [UInt8]) -> Bool {
        outbound.writeBytes(bytes)
        defer { isFlushScheduled = true }
        return !isFlushScheduled
    }
}
