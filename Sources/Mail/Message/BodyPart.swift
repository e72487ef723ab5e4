/// One text part of a message with its MIME header.
struct BodyPart {
    /// The part's header, an empty line, and its encoded text ended by CRLF.
    let bytes: [UInt8]

    // "=_" can occur neither in quoted-printable nor in base64, so no part can contain this line.
    private static let boundary = "=_gatehouse_alternative"

    /// Chooses the shorter of the two encodings of RFC 2045.
    init(subtype: String, text: String) {
        let lines = Self.lines(of: text)
        let foreign = text.utf8.count { $0 >= 0x80 }
        let isMostlyASCII = foreign * 6 <= text.utf8.count
        var header = HeaderWriter()
        header.append("Content-Type", structured: "text/\(subtype); charset=utf-8")
        header.append("Content-Transfer-Encoding", structured: isMostlyASCII ? "quoted-printable" : "base64")
        let canonical = Array(lines.map { $0 + [0x0D, 0x0A] }.joined())
        let encoded = isMostlyASCII ? QuotedPrintable.encode(lines: lines) : Base64.encodeLines(canonical)
        bytes = header.bytes + [0x0D, 0x0A] + encoded
    }

    /// Several forms of one text, the preferred one last (RFC 2046 section 5.1.4).
    static func alternatives(_ parts: [BodyPart]) -> [UInt8] {
        var header = HeaderWriter()
        header.append("Content-Type", structured: "multipart/alternative; boundary=\"\(boundary)\"")
        let body = parts.flatMap { Array("\r\n--\(boundary)\r\n".utf8) + $0.bytes }
        return header.bytes + body + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    /// The lines of a text, whichever of CRLF, LF and CR ended them; other control bytes but TAB become spaces.
    static func lines(of text: String) -> [ArraySlice<UInt8>] {
        var bytes: [UInt8] = []
        var isAfterReturn = false
        for byte in text.utf8 {
            if byte == 0x0A, isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = byte == 0x0D
            let isLineEnd = byte == 0x0D || byte == 0x0A
            bytes.append(isLineEnd ? 0x0A : (byte < 0x20 && byte != 0x09) || byte == 0x7F ? 0x20 : byte)
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    }
}
