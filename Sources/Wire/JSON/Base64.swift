import Cryptography

/// RFC 4648 section 4 out, sections 4 and 5 in; padding may be left out, stray bits may not.
enum Base64 {
    /// With padding.
    static func encode(_ bytes: [UInt8]) -> String {
        let standard = Base64URL.encode(bytes).utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
        return String(decoding: standard + padding, as: Unicode.ASCII.self)
    }

    /// Nil when it is neither alphabet's canonical form.
    static func decode(_ text: String) -> [UInt8]? {
        var body = Array(text.utf8)
        var padding = 0
        while padding < 2, body.last == UInt8(ascii: "=") {
            body.removeLast()
            padding += 1
        }
        guard padding == 0 || (body.count + padding) % 4 == 0 else { return nil }
        let urlSafe = body.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return String(validating: urlSafe, as: UTF8.self).flatMap { Base64URL.decode($0) }
    }
}
