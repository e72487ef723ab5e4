// A second, independent reading of what the target writes: unfolds, decodes and splits by the RFCs, over bytes.

/// A message split into header fields and body.
struct MIMEReader {
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let end = rest.firstRange(of: [0x0D, 0x0A]) {
            let line = Array(rest[..<end.lowerBound])
            rest = rest[end.upperBound...]
            if line.isEmpty { break }
            if line[0] == 0x20 || line[0] == 0x09, !fields.isEmpty {
                fields[fields.count - 1].value += String(decoding: line, as: UTF8.self)
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let value = line[(colon + 1)...].drop { $0 == 0x20 }
                fields.append((String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
            }
        }
        body = Array(rest)
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Decodes the encoded words of RFC 2047 and drops the space between neighbours.
    static func decodedWords(_ value: String) -> String {
        var bytes: [UInt8] = []
        for word in value.split(separator: " ") {
            guard word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?=") else { return value }
            bytes += base64(Array(word.utf8.dropFirst(10).dropLast(2)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The decoded text of a part by its own transfer encoding.
    var decodedBody: [UInt8] {
        value("Content-Transfer-Encoding") == "base64" ? Self.base64(body) : Self.quotedPrintable(body)
    }

    /// The parts of a multipart body.
    var parts: [MIMEReader] {
        guard let type = value("Content-Type"), let quote = type.firstIndex(of: "\"") else { return [] }
        let boundary = type[type.index(after: quote)...].prefix { $0 != "\"" }
        var pieces: [[UInt8]] = []
        var rest = ([0x0D, 0x0A] + body)[...]
        while let mark = rest.firstRange(of: Array("\r\n--\(boundary)".utf8)) {
            pieces.append(Array(rest[..<mark.lowerBound]))
            rest = rest[mark.upperBound...].dropFirst(2)
        }
        return pieces.dropFirst().map { MIMEReader($0) }
    }

    static func base64(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text {
            let digit: Int
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = Int(byte) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = Int(byte) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int(byte) + 4
            case UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "/"): digit = 63
            default: continue
            }
            bits = (bits << 6 | digit) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(bits >> count & 0xFF))
            }
        }
        return result
    }

    static func quotedPrintable(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "="), index + 2 < text.count {
                let pair = String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self)
                if let byte = UInt8(pair, radix: 16) { result.append(byte) }
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}
