internal import NIOCore
internal import Synchronization
internal import Wire

/// One client: its calls in flight and its answers on their way.
///
///     open ── drain ──> ending ── last call answered ──> closing ── answers have left ──> closed
///      ├── misuse, time limit ────────────────────────────^                                 ^
///      └── the channel closed, or its client does not read ─────────────────────────────────┘
///
/// Every call is a child of the task that runs `serve`; nothing of a connection outlives that task.
final class Connection: Sendable {
    enum Phase {
        case open, ending, closing, closed
    }

    struct State {
        var phase = Phase.open
        var calls: [UInt64: CallInFlight] = [:]
        /// Of the calls, those whose handler streams.
        var streams: [UInt64: CallStream] = [:]
        var outbound = ByteBuffer()
        var isFlushScheduled = false
        var lastCallID: UInt64 = 0
        var maximumFrameBytes = FrameDecoder.unauthenticatedLimit
        var client = ClientCertificateNames.none
        var pings = PingBudget()
    }

    let channel: any Channel
    let limits: RPCLimits
    /// The client's address; nil on a Unix socket.
    let address: String?
    let state = Mutex(State())
    private let router: CallRouter
    private let arrivals: AsyncStream<[CallInFlight]>
    private let arrive: AsyncStream<[CallInFlight]>.Continuation

    init(channel: any Channel, limits: RPCLimits, router: CallRouter) {
        self.channel = channel
        self.limits = limits
        self.router = router
        address = channel.remoteAddress?.ipAddress
        // What waits here is bounded by the calls in flight.
        (arrivals, arrive) = AsyncStream.makeStream()
    }

    /// Names of the client's checked certificate; none when it has expired since.
    var certificateNames: [String] {
        state.withLock { $0.client }.current
    }

    /// The client has shown a certificate that was checked.
    func note(_ client: ClientCertificateNames) {
        state.withLock { $0.client = client }
    }

    var maximumFrameBytes: Int { state.withLock { $0.maximumFrameBytes } }

    var isIdle: Bool { state.withLock { $0.calls.isEmpty } }

    var isClosing: Bool { state.withLock { $0.phase == .closing } }

    /// A call on this connection was authenticated: its frames may be longer from now on.
    func noteAuthentication() {
        state.withLock { $0.maximumFrameBytes = FrameDecoder.authenticatedLimit }
    }

    /// Runs the calls of this connection until its channel has closed; calls that still run then are cancelled.
    func serve() async {
        await withDiscardingTaskGroup { group in
            for await calls in arrivals {
                for call in calls { group.addTask { await self.serve(call) } }
            }
            group.cancelAll()
        }
        abort()
    }

    /// Hands over calls that were admitted.
    func start(_ calls: [CallInFlight]) {
        if !calls.isEmpty { arrive.yield(calls) }
    }

    /// The channel has closed: nobody reads the answers of what still runs.
    func channelClosed() {
        state.withLock { state in
            state.phase = .closed
            state.outbound.clear()
        }
        arrive.finish()
    }

    private func serve(_ call: CallInFlight) async {
        await call.run {
            let answer = await router.answer(call, on: self)
            finish(call.frame.callID, answer)
        }
    }
}
