/// An https origin as browsers write it: lower case, a port only where it is unusual.
struct RelatedOrigin: Sendable, Hashable {
    let text: String
    let host: String

    init?(_ text: String) {
        guard text.hasPrefix("https://") else { return nil }
        let parts = text.dropFirst(8).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, Self.isDomain(host) else { return nil }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]), port > 0, port != 443, String(port) == parts[1] else { return nil }
        }
        self.text = text
        self.host = String(host)
    }

    /// The name that browsers count an origin under: `example` of login.example.org and of example.co.uk (Level 3 section
    /// 5.11.1).
    ///
    /// They know every registry's suffix from a list; here the suffix is the last label, and the one before it where that is a
    /// registry's common second level, such as co of co.uk.
    var label: String {
        let labels = host.split(separator: ".").map(String.init)
        let secondLevels: Set = ["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"]
        guard let last = labels.last, labels.count >= 2 else { return host }
        let before = labels[labels.count - 2]
        guard labels.count >= 3, last.count == 2, secondLevels.contains(before) else { return before }
        return labels[labels.count - 3]
    }

    /// Two labels at least, and no address by number.
    private static func isDomain(_ host: Substring) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let last = labels.last, labels.count >= 2, host.utf8.count <= 253 else { return false }
        return last.contains(where: isLetter) && labels.allSatisfy(isLabel)
    }

    /// Letters, digits and hyphens, no hyphen at either end.
    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
        return label.allSatisfy { isLetter($0) || isDigit($0) || $0 == hyphen }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
