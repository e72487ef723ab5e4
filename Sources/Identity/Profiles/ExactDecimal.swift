/// A decimal number of at most 18 digits before the point and 9 behind it, exact.
struct ExactDecimal: Sendable, Hashable, CustomStringConvertible {
    /// The number times 10^9.
    let scaled: Int128

    private static let fractionDigits = 9
    private static let integerDigits = 18

    /// Reads `-12.50`: a JSON number without an exponent; nil for anything else.
    init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty, whole.count <= Self.integerDigits,
            whole.count == 1 || whole.first != UInt8(ascii: "0")
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : []
        guard parts.count == 1 || !fraction.isEmpty else { return nil }
        var padded = Array(fraction)
        while padded.count > Self.fractionDigits, padded.last == UInt8(ascii: "0") { padded.removeLast() }
        guard padded.count <= Self.fractionDigits else { return nil }
        padded += [UInt8](repeating: UInt8(ascii: "0"), count: Self.fractionDigits - padded.count)
        var number: Int128 = 0
        for byte in Array(whole) + padded {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int128(byte - 0x30)
        }
        scaled = isNegative ? -number : number
    }

    /// Without zeros at the end of the fraction.
    var description: String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, Self.fractionDigits + 1 - digits.utf8.count)) + digits
        let fraction = padded.suffix(Self.fractionDigits).reversed().drop { $0 == "0" }.reversed()
        let sign = scaled < 0 ? "-" : ""
        return sign + padded.dropLast(Self.fractionDigits) + (fraction.isEmpty ? "" : "." + String(fraction))
    }
}
