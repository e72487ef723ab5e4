internal import NIOCore
internal import Synchronization
internal import Wire

extension Connection {
    /// The server stops: takes no more calls; those in flight are still answered, then the connection closes.
    ///
    /// Streams have no end of their own to wait for: they are ended, and their clients go on at another server.
    func drain(_ reason: String) {
        let (schedules, streams) = state.withLock { state in
            guard state.phase == .open else { return (false, [CallStream]()) }
            state.phase = state.calls.isEmpty ? .closing : .ending
            return (state.queueGoAway(reason), Array(state.streams.values))
        }
        if schedules { scheduleFlush() }
        for stream in streams { stream.end(.draining) }
    }

    /// The client broke a rule or a time limit: it is told which, its calls are cancelled, and the connection closes.
    func refuse(_ reason: String) {
        let (schedules, calls) = state.withLock { state in
            guard state.phase == .open || state.phase == .ending else { return (false, [CallInFlight]()) }
            state.phase = .closing
            return (state.queueGoAway(reason), Array(state.calls.values))
        }
        for call in calls { call.cancel() }
        if schedules { scheduleFlush() }
    }

    /// Closes without waiting for answers to leave.
    func abort() {
        channel.close(promise: nil)
    }
}

extension Connection.State {
    fileprivate mutating func queueGoAway(_ reason: String) -> Bool {
        let frame = Wire.Frame.goAway(GoAwayFrame(lastCallID: lastCallID, reason: reason))
        return queue(frame.encodedWithLength())
    }
}
