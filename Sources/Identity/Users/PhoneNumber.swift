/// A telephone number in international form (ITU-T E.164): `+`, country code, at most 15 digits in all.
package struct PhoneNumber: Sendable, Hashable {
    /// As it was written.
    package let value: String
    /// `+` and the digits.
    package let canonical: [UInt8]

    /// Reads a number that begins with `+` and has 7 to 15 digits; spaces, hyphens, dots and parentheses may stand between.
    package init?(_ text: String) {
        guard (8...40).contains(text.utf8.count), text.utf8.first == UInt8(ascii: "+") else { return nil }
        var digits: [UInt8] = []
        for byte in text.utf8.dropFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte)
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): continue
            default: return nil
            }
        }
        guard (7...15).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
        value = text
        canonical = [UInt8(ascii: "+")] + digits
    }
}
