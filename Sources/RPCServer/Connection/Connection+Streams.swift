internal import MariaDB
internal import Synchronization
internal import Wire

// The streams of a connection.
extension Connection {
    /// Lets the handler of a call stream, until the call is finished.
    ///
    /// The client may send its first item from now on, not before: nobody fills the server's memory without the right
    /// to make the call.
    func openStream(_ call: CallInFlight, takesItems: Bool, until deadline: Deadline) throws -> CallStream {
        let stream = CallStream(call, takesItems: takesItems, until: deadline) { [self] in send($0) }
        try state.withLock { state in
            guard state.phase == .open else { throw StreamEnd.draining }
            guard state.streams.count < limits.streams else { throw CallRefusal.tooManyStreams }
            state.streams[call.frame.callID] = stream
        }
        if takesItems { stream.flow.accept() }
        return stream
    }

    /// Ends the streams whose time is over; called now and then.
    func endOverdueStreams() {
        for stream in state.withLock({ Array($0.streams.values) }) { stream.endIfOverdue(limits.streamStall) }
    }

    /// Hands an item, or the end of all items, to the stream it belongs to.
    func pass(_ callID: UInt64, _ give: (StreamFlow) throws(StreamFlow.Misuse) -> Void) {
        let (stream, isLate) = find(callID)
        if isLate { return }
        guard let stream, stream.takesItems else { return refuse("an item or end belongs to no call that streams") }
        do { try give(stream.flow) } catch { refuse("an item or end came without credit, or after the end") }
    }

    /// The client has read, and takes more.
    func take(_ credit: CreditFrame) {
        let (stream, isLate) = find(credit.callID)
        if isLate { return }
        guard let stream else { return refuse("credit belongs to no call that streams") }
        do { try stream.flow.receive(credit: Int(credit.bytes)) } catch { refuse("too much credit was given") }
    }

    /// The stream of a call; late when the call has ended, which the client could not know when it sent the frame.
    private func find(_ callID: UInt64) -> (CallStream?, isLate: Bool) {
        state.withLock { state in
            (state.streams[callID], state.calls[callID] == nil && callID != 0 && callID <= state.lastCallID)
        }
    }
}
