internal import NIOCore
internal import Synchronization
internal import Wire

/// One connection to the server: calls in flight by id, answered in any order.
///
/// Calls beyond `Transport.callsInFlight` wait here for their turn.
final class ClientConnection: Sendable {
    /// What waits for a call's frames.
    enum Receiver: Sendable {
        case reply(CheckedContinuation<[UInt8], any Error>)
        case stream(StreamFlow)
    }

    struct Pending {
        let receiver: Receiver
        let deadline: NIODeadline
        var isSent = false
    }

    struct State {
        var pending: [UInt64: Pending] = [:]
        /// Calls that the server has and did not end, cancelled ones included.
        var sent = 0
        /// Encoded calls that wait for one of those to end, in order.
        var backlog: [(callID: UInt64, bytes: [UInt8])] = []
        var backlogStart = 0
        var nextCallID: UInt64 = 1
        var isUsable = true
        var outbound = ByteBuffer()
        var isFlushScheduled = false
        var isSweepScheduled = false
    }

    /// The server keeps the time; a little more is left for its answer to come.
    static let grace = TimeAmount.milliseconds(500)

    let channel: any Channel
    let state = Mutex(State())

    init(channel: any Channel) {
        self.channel = channel
    }

    /// Whether new calls may be made on it.
    var isUsable: Bool { state.withLock { $0.isUsable } && channel.isActive }

    /// Makes a call of one answer.
    func call(_ method: String, _ message: [UInt8], _ metadata: [Metadata], timeout: Duration) async throws -> [UInt8] {
        guard let callID = reserve() else { throw RPCError.goingAway }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                begin(Self.frame(callID, method, message, metadata, timeout), .reply(continuation))
            }
        } onCancel: {
            abandon(callID, .cancelledHere)
        }
    }

    /// Begins a call that streams; without a time-out it lasts as long as the server lets it.
    func open(_ method: String, _ message: [UInt8], _ metadata: [Metadata], timeout: Duration?) throws -> ClientStream {
        guard let callID = reserve() else { throw RPCError.goingAway }
        let flow = StreamFlow(callID: callID, incoming: StreamFlow.window, outgoing: 0) { [self] in send($0) }
        begin(Self.frame(callID, method, message, metadata, timeout), .stream(flow))
        return ClientStream(self, callID, flow)
    }

    /// Closes; calls in flight fail.
    func close() {
        channel.close(promise: nil)
    }

    private func reserve() -> UInt64? {
        state.withLock { state in
            guard state.isUsable else { return nil }
            defer { state.nextCallID += 1 }
            return state.nextCallID
        }
    }

    private static func frame(
        _ callID: UInt64,
        _ method: String,
        _ message: [UInt8],
        _ metadata: [Metadata],
        _ timeout: Duration?
    ) -> CallFrame {
        CallFrame(
            callID: callID,
            method: method,
            timeoutMilliseconds: timeout.map { max(UInt32(clamping: $0.milliseconds), 1) } ?? 0,
            metadata: metadata,
            message: message
        )
    }
}

extension ClientConnection.Receiver {
    func fail(_ error: RPCError) {
        switch self {
        case .reply(let continuation): continuation.resume(throwing: error)
        case .stream(let flow): flow.interrupt(error)
        }
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : milliseconds + attoseconds / 1_000_000_000_000_000
    }
}
