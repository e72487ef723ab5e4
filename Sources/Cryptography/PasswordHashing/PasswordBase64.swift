/// The base64 alphabets of password records, in their canonical form only: no white space, no bits left over.
enum PasswordBase64 {
    /// RFC 4648 section 4 with its padding: ASP.NET, Django.
    case padded
    /// Without padding: PHC strings.
    case unpadded
    /// Without padding, and with `.` for `+`: passlib.
    case dotted

    private var letter62: UInt8 { self == .dotted ? UInt8(ascii: ".") : UInt8(ascii: "+") }

    /// The text of some bytes.
    func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encodedBytes(bytes).map { letter in
            switch letter {
            case UInt8(ascii: "-"): letter62
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: letter
            }
        }
        let padding = self == .padded ? (4 - text.count % 4) % 4 : 0
        return String(decoding: text, as: UTF8.self) + String(repeating: "=", count: padding)
    }

    /// The bytes of a text; nil when it is not the one text of those bytes.
    func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard let body = unpadding(Array(text)) else { return nil }
        var letters = body
        for index in letters.indices {
            switch letters[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            case letter62: letters[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): letters[index] = UInt8(ascii: "_")
            default: break
            }
        }
        return Base64URL.decode(letters)
    }

    private func unpadding(_ text: [UInt8]) -> ArraySlice<UInt8>? {
        guard self == .padded else { return text[...] }
        guard text.count.isMultiple(of: 4) else { return nil }
        let equals = UInt8(ascii: "=")
        if text.suffix(2) == [equals, equals] { return text.dropLast(2) }
        return text.last == equals ? text.dropLast() : text[...]
    }
}
