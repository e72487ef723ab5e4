/// Encoded words of RFC 2047: UTF-8 in base64, each at most 75 bytes and cut between scalars.
enum EncodedWord {
    private static let prefix = "=?UTF-8?B?"
    private static let suffix = "?="

    /// Whether the text means itself in a header: visible ASCII, no outer spaces, nothing like an encoded word.
    static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20 else { return false }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        return !zip(bytes, bytes.dropFirst()).contains { $0 == (UInt8(ascii: "="), UInt8(ascii: "?")) }
    }

    /// The words, one per folded line, the first of them starting at a column of its line.
    static func encode(_ text: String, afterColumn column: Int) -> String {
        var words: [String] = []
        var chunk: [UInt8] = []
        var limit = capacity(of: 76 - column)
        let startsFolded = limit < 4
        if startsFolded { limit = capacity(of: 75) }
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if chunk.count + bytes.count > limit {
                words.append(word(chunk))
                chunk = []
                limit = capacity(of: 75)
            }
            chunk += bytes
        }
        if !chunk.isEmpty { words.append(word(chunk)) }
        return (startsFolded ? "\r\n " : "") + words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String {
        prefix + String(decoding: Base64.encode(bytes), as: UTF8.self) + suffix
    }

    /// Bytes of text that fit in a word of that length.
    private static func capacity(of length: Int) -> Int {
        max(0, (length - prefix.utf8.count - suffix.utf8.count) / 4 * 3)
    }
}
