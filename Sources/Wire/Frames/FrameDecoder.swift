/// Cuts the bytes of a connection into frames.
///
/// ```
/// header (4 bytes) --length 1...cap--> body --all bytes there--> frame --> header
///        \--length 0 or beyond the cap--> failed (for good)
/// ```
/// The length is checked when its four bytes are there and never believed before: memory grows with the bytes that
/// came, not with the length that was promised (RPC-07).
package struct FrameDecoder: Sendable {
    /// 64 KiB, until the connection has made an authenticated call.
    package static let unauthenticatedLimit = 64 * 1024
    /// 1 MiB, after that.
    package static let authenticatedLimit = 1024 * 1024

    /// The longest frame, in bytes without its length.
    package var maximumFrameBytes: Int

    private var storage: [UInt8] = []
    private var start = 0
    private var failure: WireError?

    /// Starts between two frames.
    package init(maximumFrameBytes: Int = FrameDecoder.unauthenticatedLimit) {
        self.maximumFrameBytes = maximumFrameBytes
    }

    /// Bytes that wait for the rest of their frame.
    package var bufferedBytes: Int { storage.count - start }

    /// True when a frame has begun and not ended: the time-out between bytes runs.
    package var isInsideFrame: Bool { bufferedBytes > 0 }

    /// Takes bytes as they came.
    ///
    /// Call `next()` until it returns nil before the next append.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        unsafe storage.append(contentsOf: bytes)
        refuseBadLength()
    }

    /// Takes bytes as they came.
    ///
    /// Call `next()` until it returns nil before the next append.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        guard failure == nil else { return }
        storage.append(contentsOf: bytes)
        refuseBadLength()
    }

    /// The next whole frame, or nil when more bytes are needed.
    ///
    /// - Throws: the same `WireError` for ever after the first; the connection is to be closed.
    package mutating func next() throws(WireError) -> Frame? {
        refuseBadLength()
        if let failure { throw failure }
        guard let length = announcedLength, bufferedBytes - 4 >= length else {
            compact()
            return nil
        }
        let body = (start + 4)..<(start + 4 + length)
        start = body.upperBound
        do { return try decode(body) } catch {
            fail(error)
            throw error
        }
    }

    private func decode(_ body: Range<Int>) throws(WireError) -> Frame {
        let limits = DecodingLimits.frame(maximumBytes: maximumFrameBytes)
        let envelope = try unsafe storage.withUnsafeBufferPointer { (buffer) throws(WireError) -> FrameEnvelope in
            try unsafe FrameEnvelope.decode(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[body])),
                limits: limits
            )
        }
        guard let frame = envelope.kind else { throw WireError(.malformed) }
        return frame
    }

    private var announcedLength: Int? {
        guard bufferedBytes >= 4 else { return nil }
        return storage[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func refuseBadLength() {
        guard failure == nil, let length = announcedLength else { return }
        if length == 0 { fail(WireError(.frameEmpty)) }
        if length > maximumFrameBytes { fail(WireError(.frameTooLarge)) }
    }

    private mutating func fail(_ error: WireError) {
        failure = error
        storage = []
        start = 0
    }

    /// Drops what was read; a large buffer is given back rather than kept for an idle connection.
    private mutating func compact() {
        guard start > 0 else { return }
        if start == storage.count, storage.capacity > 16 * 1024 {
            storage = []
        } else {
            storage.removeSubrange(0..<start)
        }
        start = 0
    }
}
