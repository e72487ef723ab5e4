internal import NIOCore
internal import Synchronization
internal import Wire

extension ClientConnection {
    /// Sends a call, or keeps it until the server has room for it.
    func begin(_ call: CallFrame, _ receiver: Receiver) {
        let bytes = Frame.call(call).encodedWithLength()
        let timeout = call.timeoutMilliseconds
        let deadline: NIODeadline =
            timeout == 0 ? .distantFuture : .now() + .milliseconds(Int64(timeout)) + Self.grace
        let admission: (isUsable: Bool, flushes: Bool, sweeps: Bool) = state.withLock { state in
            guard state.isUsable else { return (false, false, false) }
            state.pending[call.callID] = Pending(receiver: receiver, deadline: deadline)
            let sweeps = !state.isSweepScheduled && deadline < .distantFuture
            defer { state.isSweepScheduled = state.isSweepScheduled || sweeps }
            guard state.sent < Transport.callsInFlight else {
                state.backlog.append((call.callID, bytes))
                return (true, false, sweeps)
            }
            return (true, state.markSent(call.callID, bytes), sweeps)
        }
        guard admission.isUsable else { return receiver.fail(.goingAway) }
        if admission.flushes { scheduleFlush() }
        if admission.sweeps { scheduleSweep() }
        // The handler of a task that was cancelled before found no call to abandon.
        if Task.isCancelled { abandon(call.callID, .cancelledHere) }
    }

    /// Ends a call from this side, if it has not ended.
    func abandon(_ callID: UInt64, _ error: RPCError) {
        let cancel = Frame.cancel(CancelFrame(callID: callID)).encodedWithLength()
        let (pending, flushes) = state.withLock { state in
            guard let pending = state.pending.removeValue(forKey: callID) else { return (Pending?.none, false) }
            return (pending, pending.isSent && state.queue(cancel))
        }
        if flushes { scheduleFlush() }
        pending?.receiver.fail(error)
    }

    func send(_ frame: Frame) {
        let bytes = frame.encodedWithLength()
        if state.withLock({ $0.queue(bytes) }) { scheduleFlush() }
    }

    func scheduleFlush() {
        channel.eventLoop.execute { self.flush() }
    }

    private func flush() {
        let bytes = state.withLock { state in
            let bytes = state.outbound
            state.outbound = ByteBuffer()
            state.isFlushScheduled = false
            return bytes
        }
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Looks for calls without an answer in time; one timer for all of them.
    private func scheduleSweep() {
        channel.eventLoop.scheduleTask(in: .milliseconds(100)) { self.sweep() }
    }

    private func sweep() {
        let now = NIODeadline.now()
        let (late, again) = state.withLock { state in
            state.isSweepScheduled = state.pending.values.contains { $0.deadline < .distantFuture }
            return (state.pending.filter { $0.value.deadline <= now }.map(\.key), state.isSweepScheduled)
        }
        for callID in late {
            abandon(callID, RPCError(.deadlineExceeded, "no answer came in time", isOutcomeUnknown: true))
        }
        if again { scheduleSweep() }
    }
}

extension ClientConnection.State {
    /// Adds bytes to the next write; true when that write is still to be scheduled.
    mutating func queue(_ bytes: [UInt8]) -> Bool {
        outbound.writeBytes(bytes)
        defer { isFlushScheduled = true }
        return !isFlushScheduled
    }

    mutating func markSent(_ callID: UInt64, _ bytes: [UInt8]) -> Bool {
        pending[callID]?.isSent = true
        sent += 1
        return queue(bytes)
    }

    /// Sends the next call that waits, when the server has room for it.
    mutating func sendNext() -> Bool {
        while sent < Transport.callsInFlight, backlogStart < backlog.count {
            let (callID, bytes) = backlog[backlogStart]
            backlogStart += 1
            if backlogStart == backlog.count { (backlog, backlogStart) = ([], 0) }
            // Abandoned while it waited.
            guard pending[callID] != nil else { continue }
            return markSent(callID, bytes)
        }
        return false
    }
}
