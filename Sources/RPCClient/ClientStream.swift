internal import Wire

/// A call that streams, as its maker holds it.
final class ClientStream: MessageStream {
    private let connection: ClientConnection
    private let callID: UInt64
    private let flow: StreamFlow

    init(_ connection: ClientConnection, _ callID: UInt64, _ flow: StreamFlow) {
        self.connection = connection
        self.callID = callID
        self.flow = flow
    }

    func send(_ message: [UInt8]) async throws {
        try await abandoningWhenCancelled { try await flow.send(message) }
    }

    func finishSending() async throws {
        try await abandoningWhenCancelled { try await flow.finishSending() }
    }

    func next() async throws -> [UInt8]? {
        try await abandoningWhenCancelled { try await flow.next() }
    }

    func cancel() {
        connection.abandon(callID, .cancelledHere)
        flow.close(RPCError.cancelledHere)
    }

    private func abandoningWhenCancelled<R>(_ body: () async throws -> R) async throws -> R {
        do {
            return try await body()
        } catch is CancellationError {
            cancel()
            throw RPCError.cancelledHere
        }
    }
}
