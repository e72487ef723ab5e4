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
        case stream(AsyncThrowingStream<[UInt8], any Error>.Continuation)
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

    /// Makes a call that is answered by a stream.
    func stream(
        _ method: String,
        _ message: [UInt8],
        _ metadata: [Metadata],
        timeout: Duration,
        onItem: ([UInt8]) async throws -> Void
    ) async throws {
        guard let callID = reserve() else { throw RPCError.goingAway }
        let (items, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        begin(Self.frame(callID, method, message, metadata, timeout), .stream(continuation))
        do {
            for try await item in items { try await onItem(item) }
            try Task.checkCancellation()
        } catch {
            abandon(callID, .cancelledHere)
            throw error
        }
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
        _ timeout: Duration
    ) -> CallFrame {
        CallFrame(
            callID: callID,
            method: method,
            timeoutMilliseconds: max(UInt32(clamping: timeout.milliseconds), 1),
            metadata: metadata,
            message: message
        )
    }
}

extension ClientConnection.Receiver {
    func fail(_ error: RPCError) {
        switch self {
        case .reply(let continuation): continuation.resume(throwing: error)
        case .stream(let stream): stream.finish(throwing: error)
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
