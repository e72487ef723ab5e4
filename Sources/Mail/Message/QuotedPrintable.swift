/// Quoted-printable of RFC 2045 section 6.7.
enum QuotedPrintable {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes lines ended by CRLF into lines of at most 76 bytes.
    ///
    /// No line begins with a dot or with `From `, which mail systems on the way are known to alter.
    static func encode(lines: [ArraySlice<UInt8>]) -> [UInt8] {
        var result: [UInt8] = []
        for line in lines {
            append(line, to: &result)
            result += [0x0D, 0x0A]
        }
        return result
    }

    private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
        var column = 0
        for index in line.indices {
            let isLast = index == line.endIndex - 1
            var token = token(for: line[index], isLast: isLast)
            if column + token.count > (isLast ? 76 : 75) {
                result += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            if column == 0, isAlteredAtStart(line[index...]) { token = escaped(line[index]) }
            result += token
            column += token.count
        }
    }

    private static func token(for byte: UInt8, isLast: Bool) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "="): escaped(byte)
        case 0x21...0x7E: [byte]
        case 0x20, 0x09: isLast ? escaped(byte) : [byte]
        default: escaped(byte)
        }
    }

    private static func isAlteredAtStart(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first == UInt8(ascii: ".") || rest.starts(with: Array("From ".utf8))
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
