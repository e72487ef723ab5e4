/// Writes header fields, folded so that lines stay within the 78 bytes that RFC 5322 section 2.1.1 asks for.
struct HeaderWriter {
    private(set) var bytes: [UInt8] = []

    private static let reserved: Set<String> = [
        "bcc", "cc", "content-transfer-encoding", "content-type", "date", "from", "message-id", "mime-version",
        "sender",
        "subject", "to",
    ]

    /// Whether a caller may add a field of this name: RFC 5322 section 2.2 characters, and none that we write ourselves.
    static func isFurtherName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), !reserved.contains(name.lowercased()) else { return false }
        return name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: ":") }
    }

    /// Appends a value that is already in header syntax.
    mutating func append(_ name: String, structured value: String) {
        bytes += Array("\(name): \(value)\r\n".utf8)
    }

    /// Appends free text, as encoded words (RFC 2047) unless it is short plain ASCII.
    mutating func append(_ name: String, unstructured value: String) {
        let length = name.utf8.count + 2
        let isPlain = EncodedWord.isPlain(value) && length + value.utf8.count <= 76
        let text = isPlain ? value : EncodedWord.encode(value, afterColumn: length)
        append(name, structured: text)
    }

    /// Appends a name to show and an address (RFC 5322 section 3.4).
    mutating func append(_ field: String, name: String, address: String) {
        let start = field.utf8.count + 2
        let isQuotable = EncodedWord.isPlain(name) && name.utf8.count <= 60
        let phrase = isQuotable ? quoted(name) : EncodedWord.encode(name, afterColumn: start)
        let separator = start + phrase.utf8.count + address.utf8.count + 3 <= 76 ? " " : "\r\n "
        append(field, structured: "\(phrase)\(separator)<\(address)>")
    }

    private func quoted(_ name: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { scalars.append("\\") }
            scalars.append(scalar)
        }
        return "\"\(String(scalars))\""
    }
}
