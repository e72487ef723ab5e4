/// `application/x-www-form-urlencoded`, as OAuth 2.0 has it (RFC 6749 appendix B).
enum FormEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The bytes of some fields.
    static func bytes(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
        var result: [UInt8] = []
        for (name, value) in fields {
            if !result.isEmpty { result.append(UInt8(ascii: "&")) }
            result += escaped(Array(name.utf8)) + [UInt8(ascii: "=")] + escaped(value)
        }
        return result
    }

    /// The text of fields that are no secrets.
    static func text(_ fields: [(name: String, value: String)]) -> String {
        String(decoding: bytes(fields.map { ($0.name, Array($0.value.utf8)) }), as: UTF8.self)
    }

    /// Everything but the unreserved characters (RFC 3986 section 2.3) is escaped, which every reader takes.
    static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
    }
}
