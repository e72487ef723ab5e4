internal import NIOCore

/// When things happened on a connection, and which limit they break.
struct ConnectionTimes {
    private let limits: RPCLimits
    private let opened: NIODeadline
    private var lastByte: NIODeadline
    private var frameBegan: NIODeadline?
    private var unwritableSince: NIODeadline?
    private var closingSince: NIODeadline?
    private var hasSentFrame = false

    init(limits: RPCLimits, now: NIODeadline) {
        self.limits = limits
        opened = now
        lastByte = now
    }

    /// Notes bytes that came.
    ///
    /// A frame is timed from its first byte, so that a client cannot stretch it byte by byte.
    ///
    /// - Parameters:
    ///   - completedFrame: At least one frame ended with these bytes.
    ///   - isInsideFrame: They end within a frame.
    ///   - now: When they came.
    mutating func received(completedFrame: Bool, isInsideFrame: Bool, now: NIODeadline) {
        lastByte = now
        hasSentFrame = hasSentFrame || completedFrame
        if completedFrame || !isInsideFrame { frameBegan = nil }
        if isInsideFrame, frameBegan == nil { frameBegan = now }
    }

    /// The client reads its answers, or has stopped to.
    mutating func writabilityChanged(isWritable: Bool, now: NIODeadline) {
        unwritableSince = isWritable ? nil : unwritableSince ?? now
    }

    /// What to do about a connection.
    enum Verdict: Equatable {
        case fine
        /// Tell the client and close.
        case refuse(String)
        /// Close at once: nothing that is written would be read.
        case abort
    }

    mutating func verdict(isIdle: Bool, isClosing: Bool, now: NIODeadline) -> Verdict {
        closingSince = isClosing ? closingSince ?? now : nil
        if hasPassed(limits.slowReader, since: unwritableSince, now) { return .abort }
        if hasPassed(limits.slowReader, since: closingSince, now) { return .abort }
        if isClosing { return .fine }
        if !hasSentFrame, hasPassed(limits.firstFrame, since: opened, now) { return .refuse("no frame came in time") }
        if hasPassed(limits.frame, since: frameBegan, now) { return .refuse("a frame took too long") }
        if isIdle, hasPassed(limits.idle, since: lastByte, now) { return .refuse("the connection was idle") }
        return .fine
    }

    private func hasPassed(_ limit: Duration, since moment: NIODeadline?, _ now: NIODeadline) -> Bool {
        moment.map { now - $0 > limit.timeAmount } ?? false
    }
}

extension RPCLimits {
    /// How often the limits of a connection are looked at: often enough for the shortest, seldom enough to cost nothing.
    var clockInterval: TimeAmount {
        let shortest = min(firstFrame, frame, slowReader, idle, streamStall).timeAmount
        return .nanoseconds(min(max(shortest.nanoseconds / 4, 20_000_000), 5_000_000_000))
    }
}

extension Duration {
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .nanoseconds(.max) : .nanoseconds(nanoseconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
