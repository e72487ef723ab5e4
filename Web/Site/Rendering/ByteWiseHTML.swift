internal import Mustache

/// Escapes text for HTML, between tags and in double-quoted attributes, byte by byte.
///
/// The library's own escaping works on Characters, where a metacharacter with a combining mark is another Character and
/// passes (SECURITY F9).
struct ByteWiseHTML: MustacheContentType {
    func escapeText(_ text: String) -> String { Self.escape(text) }

    /// The text with `&`, `<`, `>`, both quotes and control bytes replaced.
    static func escape(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            case UInt8(ascii: "`"): bytes += "&#96;".utf8
            // What was written in several lines is shown so in a field for them, and a space elsewhere.
            case 0x0A: bytes += "&#10;".utf8
            case 0..<0x20, 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        // Only ASCII bytes were replaced, by ASCII bytes: what was UTF-8 still is.
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Plain text for messages: control bytes become spaces, so that a value stays on its line.
struct PlainText: MustacheContentType {
    func escapeText(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
    }
}

/// How the values of a template are escaped; put in front of every template when it is read, so none can forget it.
enum EscapingRule: String, Sendable {
    case html = "GATEHOUSE-HTML"
    case text = "GATEHOUSE-TEXT"

    /// The tag that makes the library use the rule.
    ///
    /// It starts anew in partials, so they carry it, too.
    var pragma: String { "{{% CONTENT_TYPE:\(rawValue)}}" }

    /// Makes both rules known to the library; doing so twice changes nothing.
    static func register() {
        MustacheContentTypes.register(ByteWiseHTML(), named: EscapingRule.html.rawValue)
        MustacheContentTypes.register(PlainText(), named: EscapingRule.text.rawValue)
    }
}
