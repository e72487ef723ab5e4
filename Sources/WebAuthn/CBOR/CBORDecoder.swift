/// Reads CTAP2 canonical CBOR and nothing else (CTAP 2.1 section 8).
///
/// Recursion is as deep as `depth` says; memory is bounded by the input, since every item announced must fit what is left.
package struct CBORDecoder {
    private let bytes: [UInt8]
    private var position: Int

    private init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        position = start
    }

    /// The one item the bytes are.
    ///
    /// - Parameters:
    ///   - bytes: The encoding, nothing before or after.
    ///   - depth: How deep arrays and maps may be nested.
    ///   - limit: The longest input in bytes.
    /// - Returns: The item.
    /// - Throws: `CBORError` for anything that is not canonical.
    package static func decode(_ bytes: [UInt8], depth: Int, limit: Int) throws(CBORError) -> CBORValue {
        guard bytes.count <= limit else { throw .tooLarge }
        let (value, end) = try decodePrefix(bytes, from: 0, depth: depth)
        guard end == bytes.count else { throw .trailingBytes }
        return value
    }

    /// The item that begins at an index, and the index after it.
    ///
    /// - Parameters:
    ///   - bytes: Bytes of which some are the encoding; the caller has bounded their number.
    ///   - start: Where the item begins.
    ///   - depth: How deep arrays and maps may be nested.
    /// - Returns: The item and where it ends.
    /// - Throws: `CBORError` for anything that is not canonical.
    package static func decodePrefix(
        _ bytes: [UInt8],
        from start: Int,
        depth: Int
    ) throws(CBORError) -> (value: CBORValue, end: Int) {
        guard (0...bytes.count).contains(start) else { throw .truncated }
        var decoder = CBORDecoder(bytes, from: start)
        let value = try decoder.item(depth: depth)
        return (value, decoder.position)
    }

    private mutating func item(depth: Int) throws(CBORError) -> CBORValue {
        let head = try byte()
        switch head >> 5 {
        case 0: return .unsigned(try argument(head))
        case 1: return .negative(try argument(head))
        case 2: return .bytes(try string(head))
        case 3: return .text(try text(head))
        case 4: return .array(try array(head, depth: depth))
        case 5: return .map(try map(head, depth: depth))
        case 7: return try simple(head)
        default: throw .notAllowed
        }
    }

    private mutating func byte() throws(CBORError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    /// The number in and after a head, in its shortest form only.
    private mutating func argument(_ head: UInt8) throws(CBORError) -> UInt64 {
        let short = head & 0x1F
        switch short {
        case 0..<24: return UInt64(short)
        case 24: return try longArgument(bytes: 1, least: 24)
        case 25: return try longArgument(bytes: 2, least: 1 << 8)
        case 26: return try longArgument(bytes: 4, least: 1 << 16)
        case 27: return try longArgument(bytes: 8, least: 1 << 32)
        default: throw .notAllowed
        }
    }

    private mutating func longArgument(bytes count: Int, least: UInt64) throws(CBORError) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try byte()) }
        guard value >= least else { throw .notShortest }
        return value
    }

    /// A length or count; each thing counted takes at least `unit` bytes of what is left.
    private mutating func count(_ head: UInt8, unit: Int) throws(CBORError) -> Int {
        guard let count = Int(exactly: try argument(head)), count <= (bytes.count - position) / unit else {
            throw .truncated
        }
        return count
    }

    private mutating func string(_ head: UInt8) throws(CBORError) -> [UInt8] {
        let count = try count(head, unit: 1)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    private mutating func text(_ head: UInt8) throws(CBORError) -> [UInt8] {
        let string = try string(head)
        guard String(validating: string, as: UTF8.self) != nil else { throw .notUTF8 }
        return string
    }

    private mutating func array(_ head: UInt8, depth: Int) throws(CBORError) -> [CBORValue] {
        guard depth > 0 else { throw .tooDeep }
        var items: [CBORValue] = []
        for _ in 0..<(try count(head, unit: 1)) { items.append(try item(depth: depth - 1)) }
        return items
    }

    private mutating func map(_ head: UInt8, depth: Int) throws(CBORError) -> CBORMap {
        guard depth > 0 else { throw .tooDeep }
        var values: [CBORValue: CBORValue] = [:]
        var lastKey: ArraySlice<UInt8> = []
        for _ in 0..<(try count(head, unit: 2)) {
            let start = position
            let key = try key()
            // With shortest heads, CTAP2's order (type, then length, then bytes) is that of the encoded keys' bytes.
            guard lastKey.lexicographicallyPrecedes(bytes[start..<position]) else { throw .keysNotSorted }
            lastKey = bytes[start..<position]
            values[key] = try item(depth: depth - 1)
        }
        return CBORMap(values)
    }

    private mutating func key() throws(CBORError) -> CBORValue {
        let key = try item(depth: 0)
        switch key {
        case .unsigned, .negative, .text: return key
        default: throw .badKey
        }
    }

    private func simple(_ head: UInt8) throws(CBORError) -> CBORValue {
        switch head {
        case 0xF4: return .boolean(false)
        case 0xF5: return .boolean(true)
        case 0xF6: return .null
        default: throw .notAllowed
        }
    }
}
