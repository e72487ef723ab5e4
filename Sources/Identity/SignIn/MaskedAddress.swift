/// An address as the person who typed it may recognise it, and a stranger may not: `a•••@example.com`.
enum MaskedAddress {
    /// Masks what stands before the last `@`, whatever its length; depends on nothing but the text.
    static func email(_ address: String) -> String {
        let scalars = address.unicodeScalars
        guard let at = scalars.lastIndex(of: "@") else { return "•••" }
        let first = scalars[..<at].first.map { String($0) } ?? ""
        return first + "•••" + String(scalars[at...])
    }

    /// Shows the last two digits of a number: `+•••78`.
    static func phone(_ number: String) -> String {
        let digits = PhoneNumber(number)?.canonical.suffix(2) ?? []
        return "+•••" + String(decoding: digits, as: UTF8.self)
    }
}
