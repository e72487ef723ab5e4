/// A DECIMAL as its exact text, such as `-12.50`: optional minus, digits, optional point and digits; at most 65 digits.
package struct SQLDecimal: Sendable, Hashable, Codable, CustomStringConvertible {
    package let description: String

    /// Takes the text as it is; nil when it is not a plain decimal number.
    package init?(_ text: String) {
        var digits = 0
        var points = 0
        for (position, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: ".") where digits > 0: points += 1
            case UInt8(ascii: "-") where position == 0: break
            default: return nil
            }
        }
        guard (1...65).contains(digits), points <= 1, text.utf8.last != UInt8(ascii: ".") else { return nil }
        description = text
    }
}

/// A JSON document as text; the server checks it where the column has its JSON_VALID constraint.
package struct SQLJSON: Sendable, Hashable, Codable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}
