/// Escaping for message templates, byte by byte, so that a combining mark cannot hide a metacharacter (SECURITY F9).
package enum MessageEscaping {
    /// Text as it stands between tags and in quoted attributes of HTML; control bytes become spaces.
    package static func html(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            case 0..<0x20, 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        // Only ASCII bytes were replaced, by ASCII bytes: what was UTF-8 still is.
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text on one line: control bytes become spaces.
    package static func line(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}
