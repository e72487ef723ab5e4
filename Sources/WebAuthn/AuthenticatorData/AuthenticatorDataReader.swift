/// Takes the parts of authenticator data off the front.
struct AuthenticatorDataReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The next bytes.
    mutating func take(_ count: Int) throws(AuthenticatorDataError) -> [UInt8] {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A big-endian number of at most four bytes.
    mutating func number(_ count: Int) throws(AuthenticatorDataError) -> UInt32 {
        try take(count).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The next CBOR item with its own bytes.
    mutating func item(depth: Int) throws(CBORError) -> (value: CBORValue, encoding: [UInt8]) {
        let (value, end) = try CBORDecoder.decodePrefix(bytes, from: position, depth: depth)
        defer { position = end }
        return (value, Array(bytes[position..<end]))
    }
}
