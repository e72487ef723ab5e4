internal import NIOCore
internal import Synchronization
internal import Wire

/// One connection to the server: calls in flight by id, answered in any order.
final class ClientConnection: Sendable {
    /// What waits for a call's frames.
    enum Receiver: Sendable {
        case reply(CheckedContinuation<[UInt8], any Error>)
        case stream(AsyncThrowingStream<[UInt8], any Error>.Continuation)
    }

    private struct State {
        var receivers: [UInt64: Receiver] = [:]
        var nextCallID: UInt64 = 1
        var isUsable = true
        var outbound: [UInt8] = []
        var isFlushScheduled = false
    }

    private let channel: any Channel
    private let state = Mutex(State())

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
                begin(callID, .reply(continuation), method, message, metadata, timeout)
            }
        } onCancel: {
            abandon(callID, RPCError(.cancelled, "the call was cancelled", isOutcomeUnknown: true))
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
        begin(callID, .stream(continuation), method, message, metadata, timeout)
        do {
            for try await item in items { try await onItem(item) }
            try Task.checkCancellation()
        } catch {
            abandon(callID, RPCError(.cancelled, "the stream was ended by its reader"))
            throw error
        }
    }

    func close() {
        channel.close(promise: nil)
    }
}

// MARK: - To the server

extension ClientConnection {
    private func reserve() -> UInt64? {
        state.withLock { state in
            guard state.isUsable else { return nil }
            defer { state.nextCallID += 1 }
            return state.nextCallID
        }
    }

    private func begin(
        _ callID: UInt64,
        _ receiver: Receiver,
        _ method: String,
        _ message: [UInt8],
        _ metadata: [Metadata],
        _ timeout: Duration
    ) {
        let isUsable = state.withLock { state in
            if state.isUsable { state.receivers[callID] = receiver }
            return state.isUsable
        }
        guard isUsable else { return receiver.fail(RPCError.goingAway) }
        let milliseconds = UInt32(clamping: timeout.milliseconds)
        let call = CallFrame(
            callID: callID,
            method: method,
            timeoutMilliseconds: max(milliseconds, 1),
            metadata: metadata,
            message: message
        )
        send(.call(call))
        // The server keeps the time; a little more is left for its answer to come.
        let limit = TimeAmount.milliseconds(Int64(milliseconds) + 500)
        channel.eventLoop.scheduleTask(in: limit) {
            self.abandon(callID, RPCError(.deadlineExceeded, "no answer came in time", isOutcomeUnknown: true))
        }
        if Task.isCancelled { abandon(callID, RPCError(.cancelled, "the call was cancelled", isOutcomeUnknown: true)) }
    }

    /// Ends a call from this side, if it has not ended.
    private func abandon(_ callID: UInt64, _ error: RPCError) {
        guard let receiver = state.withLock({ $0.receivers.removeValue(forKey: callID) }) else { return }
        send(.cancel(CancelFrame(callID: callID)))
        receiver.fail(error)
    }

    private func send(_ frame: Frame) {
        let bytes = frame.encodedWithLength()
        let schedules = state.withLock { state in
            state.outbound += bytes
            defer { state.isFlushScheduled = true }
            return !state.isFlushScheduled
        }
        if schedules { channel.eventLoop.execute { self.flush() } }
    }

    private func flush() {
        let buffer = state.withLock { state in
            state.isFlushScheduled = false
            defer { state.outbound.removeAll(keepingCapacity: state.outbound.count <= 65_536) }
            return channel.allocator.buffer(bytes: state.outbound)
        }
        channel.writeAndFlush(buffer, promise: nil)
    }
}

// MARK: - From the server

extension ClientConnection {
    func receive(_ frame: Frame) {
        switch frame {
        case .reply(let reply): end(reply.callID, reply.status, reply.message)
        case .end(let end): self.end(end.callID, end.status, [])
        case .item(let item):
            if case .stream(let stream) = state.withLock({ $0.receivers[item.callID] }) { stream.yield(item.message) }
        case .goAway: state.withLock { $0.isUsable = false }
        case .ping(let ping): send(.pong(PongFrame(opaque: ping.opaque)))
        case .call, .cancel, .pong: break
        }
    }

    private func end(_ callID: UInt64, _ status: Status?, _ message: [UInt8]) {
        guard let receiver = state.withLock({ $0.receivers.removeValue(forKey: callID) }) else { return }
        if let status { return receiver.fail(RPCError(status)) }
        switch receiver {
        case .reply(let continuation): continuation.resume(returning: message)
        case .stream(let stream): stream.finish()
        }
    }

    /// The connection is gone, and with it every answer.
    func lost() {
        let receivers = state.withLock { state in
            state.isUsable = false
            defer { state.receivers = [:] }
            return state.receivers.values
        }
        for receiver in receivers { receiver.fail(RPCError.connectionLost) }
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
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
