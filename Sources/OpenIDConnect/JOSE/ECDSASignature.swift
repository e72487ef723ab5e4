/// The two forms of an ECDSA signature: the numbers side by side (RFC 7518 section 3.4), and DER (RFC 3279).
enum ECDSASignature {
    /// The DER of a signature of two numbers of `count` bytes; nil for another length.
    static func der(_ signature: [UInt8], coordinateCount count: Int) -> [UInt8]? {
        guard signature.count == 2 * count else { return nil }
        let numbers = integer(signature[..<count]) + integer(signature[count...])
        let length: [UInt8] = numbers.count < 0x80 ? [UInt8(numbers.count)] : [0x81, UInt8(clamping: numbers.count)]
        return [0x30] + length + numbers
    }

    /// The numbers of a DER signature, each in `count` bytes; nil for what is no such DER.
    static func numbers(ofDER der: [UInt8], coordinateCount count: Int) -> [UInt8]? {
        var rest = der[...]
        guard rest.popFirst() == 0x30, let first = rest.popFirst() else { return nil }
        if first == 0x81 { rest.removeFirst() }
        guard let left = number(&rest, count), let right = number(&rest, count), rest.isEmpty else { return nil }
        return left + right
    }

    private static func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(number.drop { $0 == 0 })
        let body = bytes.first.map { $0 & 0x80 != 0 ? [0] + bytes : bytes } ?? [0]
        return [0x02, UInt8(clamping: body.count)] + body
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let length = rest.popFirst(), rest.count >= Int(length) else { return nil }
        let bytes = Array(rest.prefix(Int(length)).drop { $0 == 0 })
        rest = rest.dropFirst(Int(length))
        guard bytes.count <= count else { return nil }
        return [UInt8](repeating: 0, count: count - bytes.count) + bytes
    }
}
