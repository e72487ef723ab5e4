/// The messages that a client streams to a method, each decoded as it is read; they are read once.
package struct RequestStream<Request: WireMessage>: AsyncSequence, Sendable {
    package typealias Element = Request

    private let limits: DecodingLimits
    private let next: @Sendable () async throws -> [UInt8]?

    /// Reads encoded messages from `next`.
    package init(limits: DecodingLimits, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.limits = limits
        self.next = next
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(limits: limits, source: next) }

    /// Reads on from where the last reading ended.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let limits: DecodingLimits
        fileprivate let source: @Sendable () async throws -> [UInt8]?

        /// The next message; nil when the client has sent all.
        ///
        /// - Throws: `WireError` for one that does not decode or is beyond the method's cap.
        package mutating func next() async throws -> Request? {
            guard let bytes = try await source() else { return nil }
            guard bytes.count <= limits.maximumBytes else { throw WireError(.tooLarge) }
            return try Request.decode(bytes, limits: limits)
        }
    }
}
