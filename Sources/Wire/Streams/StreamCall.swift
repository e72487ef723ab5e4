/// A call with a stream in at least one direction, over bytes.
package protocol MessageStream: AnyObject, Sendable {
    /// Sends one request; waits until the server has room for it.
    func send(_ message: [UInt8]) async throws

    /// Says that all requests were sent.
    func finishSending() async throws

    /// The next answer; nil when the server has ended the call well.
    func next() async throws -> [UInt8]?

    /// Gives the call up, if it has not ended.
    func cancel()
}

/// A call with a stream in at least one direction: its answers are an `AsyncSequence`.
///
/// The call is given up when nobody holds this value any more.
package struct StreamCall<Request: WireMessage, Response: WireMessage>: AsyncSequence, Sendable {
    package typealias Element = Response

    /// Gives the call up with its last holder.
    private final class Holder: Sendable {
        let stream: any MessageStream
        init(_ stream: any MessageStream) { self.stream = stream }
        deinit { stream.cancel() }
    }

    private let holder: Holder

    /// A call over `stream`.
    package init(_ stream: any MessageStream) {
        holder = Holder(stream)
    }

    /// Sends one request; waits until the server has room for it.
    package func send(_ request: Request) async throws {
        try await holder.stream.send(request.encoded())
    }

    /// Says that all requests were sent.
    package func finishSending() async throws {
        try await holder.stream.finishSending()
    }

    /// The one answer of a call that streams requests only, after all of them were sent.
    package func response() async throws -> Response {
        try await finishSending()
        var iterator = makeAsyncIterator()
        guard let answer = try await iterator.next() else { throw WireError(.malformed) }
        return answer
    }

    /// Gives the call up, if it has not ended.
    package func cancel() {
        holder.stream.cancel()
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(call: self) }

    /// Reads on from where the last reading ended.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let call: StreamCall

        /// The next answer; nil when the server has ended the call well.
        package mutating func next() async throws -> Response? {
            guard let bytes = try await call.holder.stream.next() else { return nil }
            return try Response.decode(bytes, limits: .reply)
        }
    }
}
