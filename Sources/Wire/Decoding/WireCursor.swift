/// Reads the primitive parts of the protobuf encoding, never beyond `end`.
@safe struct WireCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        unsafe self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// A varint of at most `limit` bytes that fits 64 bits.
    mutating func varint(limit: Int = 10) throws(WireError) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<limit {
            guard position < end else { throw WireError(.malformed) }
            let byte = unsafe bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            guard index < 9 || byte <= 1 else { throw WireError(.malformed) }
            result |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte & 0x80 == 0 { return result }
        }
        throw WireError(.malformed)
    }

    /// A field number and a wire type, of at most five bytes as protobuf-c reads it.
    mutating func tag() throws(WireError) -> (number: UInt32, wireType: UInt8) {
        guard let raw = UInt32(exactly: try varint(limit: 5)), raw >> 3 != 0 else { throw WireError(.malformed) }
        return (raw >> 3, UInt8(raw & 7))
    }

    /// The range of a length-delimited value, of which every byte is there.
    mutating func delimited() throws(WireError) -> Range<Int> {
        let count = try varint(limit: 5)
        guard count <= UInt64(end - position) else { throw WireError(.malformed) }
        let range = position..<(position + Int(count))
        position = range.upperBound
        return range
    }

    /// Passes over a value; groups and the wire types that do not exist are refused.
    mutating func passValue(_ wireType: UInt8) throws(WireError) {
        switch wireType {
        case 0: _ = try varint()
        case 1: try skip(8)
        case 2: _ = try delimited()
        case 5: try skip(4)
        default: throw WireError(.malformed)
        }
    }

    /// Passes over `count` bytes.
    mutating func skip(_ count: Int) throws(WireError) {
        guard count <= end - position else { throw WireError(.malformed) }
        position += count
    }
}
