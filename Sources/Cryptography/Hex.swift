/// Bytes as pairs of hexadecimal digits.
package enum Hex {
    /// Lower-case digits.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of digits of either case; nil for anything else.
    package static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count % 2 == 0 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(letters.count / 2)
        for index in stride(from: 0, to: letters.count, by: 2) {
            guard let high = value(letters[index]), let low = value(letters[index + 1]) else { return nil }
            output.append(high << 4 | low)
        }
        return output
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
