internal import NIOCore
internal import Synchronization
internal import Wire

/// One client: its calls in flight and its answers on their way.
///
///     open ── drain or goAway ──> ending ── last call answered ──> closed
///      └────────────── channel closes ───────────────────────────────^
///
/// Each call runs in a task whose handle is kept here: a `Cancel` frame ends one call, which a task group cannot do.
/// No task outlives the connection's entry for it.
final class Connection: Sendable {
    private enum Phase {
        case open, ending, closed
    }

    private struct State {
        var phase = Phase.open
        var calls: [UInt64: Task<Void, Never>?] = [:]
        var outbound: [UInt8] = []
        var isFlushScheduled = false
        var lastCallID: UInt64 = 0
        var maximumFrameBytes = FrameDecoder.unauthenticatedLimit
        var certificateNames: [String] = []
        var pings = PingBudget()
    }

    private let channel: any Channel
    private let limits: RPCLimits
    private let router: CallRouter
    private let state = Mutex(State())

    init(channel: any Channel, limits: RPCLimits, router: CallRouter) {
        self.channel = channel
        self.limits = limits
        self.router = router
    }

    /// The client's address; nil on a Unix socket.
    var address: String? { channel.remoteAddress?.ipAddress }

    /// URI and DNS names of the client's checked certificate.
    var certificateNames: [String] {
        get { state.withLock { $0.certificateNames } }
        set { state.withLock { $0.certificateNames = newValue } }
    }

    var maximumFrameBytes: Int { state.withLock { $0.maximumFrameBytes } }

    var isIdle: Bool { state.withLock { $0.calls.isEmpty } }

    /// A call on this connection was authenticated: its frames may be longer from now on.
    func noteAuthentication() {
        state.withLock { $0.maximumFrameBytes = FrameDecoder.authenticatedLimit }
    }
}

// MARK: - Frames from the client

extension Connection {
    func receive(_ frame: Frame) {
        switch frame {
        case .call(let call): begin(call)
        case .cancel(let cancel): state.withLock { $0.calls[cancel.callID] ?? nil }?.cancel()
        case .ping(let ping): answer(ping)
        case .item, .end: misuse("an item or end belongs to no call that streams")
        case .reply, .pong, .goAway: misuse("only a server sends this frame")
        }
    }

    private func begin(_ call: CallFrame) {
        enum Admission {
            case start, draining, tooMany, invalid, ignored
        }
        let admission: Admission = state.withLock { state in
            guard state.phase != .closed else { return .ignored }
            guard call.callID != 0, state.calls[call.callID] == nil else { return .invalid }
            guard state.phase == .open else { return .draining }
            guard state.calls.count < limits.callsInFlight else { return .tooMany }
            state.calls.updateValue(nil, forKey: call.callID)
            state.lastCallID = max(state.lastCallID, call.callID)
            return .start
        }
        switch admission {
        case .start: start(call)
        case .draining: reply(to: call.callID, .draining)
        case .tooMany: reply(to: call.callID, .tooManyCalls)
        case .invalid: misuse("a call id is zero or in use")
        case .ignored: break
        }
    }

    private func start(_ call: CallFrame) {
        let task = Task { await self.serve(call) }
        let isOver = state.withLock { state in
            // The call may have ended, or the connection closed, before its handle got here.
            guard state.calls.keys.contains(call.callID) else { return state.phase == .closed }
            state.calls[call.callID] = .some(task)
            return false
        }
        if isOver { task.cancel() }
    }

    private func serve(_ call: CallFrame) async {
        let answer = await router.answer(call, on: self)
        if let answer { send(answer) }
        finish(call.callID)
    }

    private func reply(to callID: UInt64, _ status: Status) {
        send(.reply(ReplyFrame(callID: callID, status: status)))
    }

    private func answer(_ ping: PingFrame) {
        let isAllowed = state.withLock { $0.pings.take(limit: limits.pingsPerSecond) }
        guard isAllowed else { return misuse("too many pings") }
        send(.pong(PongFrame(opaque: ping.opaque)))
    }

    private func misuse(_ reason: String) {
        goAway(reason)
        channel.closeAfterFlush()
    }
}

// MARK: - Frames to the client

extension Connection {
    /// Queues a frame; frames queued in one turn of the event loop leave in one write.
    func send(_ frame: Frame) {
        let bytes = frame.encodedWithLength()
        let schedules = state.withLock { state in
            guard state.phase != .closed else { return false }
            state.outbound += bytes
            defer { state.isFlushScheduled = true }
            return !state.isFlushScheduled
        }
        if schedules { channel.eventLoop.execute { self.flush() } }
    }

    /// Sends one item of a stream, and waits while the client does not read.
    func sendItem(_ message: [UInt8], of callID: UInt64) async throws {
        try Task.checkCancellation()
        let bytes = Wire.Frame.item(ItemFrame(callID: callID, message: message)).encodedWithLength()
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    private func flush() {
        let bytes = state.withLock { state in
            state.isFlushScheduled = false
            defer { state.outbound.removeAll(keepingCapacity: state.outbound.count <= 65_536) }
            return channel.allocator.buffer(bytes: state.outbound)
        }
        channel.writeAndFlush(bytes, promise: nil)
    }
}

// MARK: - The end

extension Connection {
    /// Takes no more calls; those in flight are still answered.
    func goAway(_ reason: String) {
        let last: UInt64? = state.withLock { state in
            guard state.phase == .open else { return nil }
            state.phase = .ending
            return state.lastCallID
        }
        guard let last else { return }
        send(.goAway(GoAwayFrame(lastCallID: last, reason: reason)))
        closeWhenIdle()
    }

    /// The channel has closed, or is to close now: whatever still runs is cancelled.
    func close() {
        let tasks = state.withLock { state in
            state.phase = .closed
            return state.calls.values.compactMap { $0 }
        }
        for task in tasks { task.cancel() }
        channel.close(promise: nil)
    }

    private func finish(_ callID: UInt64) {
        state.withLock { state in _ = state.calls.removeValue(forKey: callID) }
        closeWhenIdle()
    }

    private func closeWhenIdle() {
        let isDone = state.withLock { $0.phase == .ending && $0.calls.isEmpty }
        if isDone { channel.closeAfterFlush() }
    }
}

/// How many pings a client has had answered in the current second.
struct PingBudget {
    private var second = NIODeadline.now()
    private var count = 0

    mutating func take(limit: Int) -> Bool {
        let now = NIODeadline.now()
        if now - second > .seconds(1) { (second, count) = (now, 0) }
        count += 1
        return count <= limit
    }
}
