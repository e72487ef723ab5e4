internal import MariaDB
internal import Wire

/// A call under way whose handler streams.
final class CallStream: Sendable {
    let flow: StreamFlow
    /// Whether the client sends items.
    let takesItems: Bool
    private let call: CallInFlight
    private let deadline: Deadline

    init(_ call: CallInFlight, takesItems: Bool, until deadline: Deadline, emit: @escaping @Sendable (Frame) -> Void) {
        self.call = call
        self.takesItems = takesItems
        self.deadline = deadline
        flow = StreamFlow(callID: call.frame.callID, incoming: 0, outgoing: StreamFlow.window, emit: emit)
    }

    /// Ends the stream before its handler does.
    func end(_ reason: StreamEnd) {
        flow.interrupt(reason)
        call.cancel()
    }

    /// Ends the stream when its time is over, or its client has kept it waiting for longer than `stall`.
    func endIfOverdue(_ stall: Duration) {
        if deadline.hasPassed { return end(.deadlinePassed) }
        guard let since = flow.waitingSince, .now - since > stall else { return }
        end(.stalled)
    }
}
