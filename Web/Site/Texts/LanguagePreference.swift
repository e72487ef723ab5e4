/// Reads `Accept-Language` (RFC 9110 section 12.5.4), as far as it chooses among our few languages.
enum LanguagePreference {
    /// Primary subtags in order of preference, in lower case; at most 16 are read of at most 1000 bytes.
    static func languages(in list: String) -> [String] {
        let entries = list.utf8.prefix(1000).split(separator: UInt8(ascii: ",")).prefix(16)
        let weighed = entries.enumerated().compactMap { index, entry in
            language(entry).map { (language: $0.language, weight: $0.weight, index: index) }
        }
        return weighed.filter { $0.weight > 0 }
            .sorted { ($1.weight, $0.index) < ($0.weight, $1.index) }
            .map(\.language)
    }

    private static func language(_ entry: String.UTF8View.SubSequence.SubSequence) -> (language: String, weight: Int)? {
        let parts = entry.filter { $0 != 0x20 && $0 != 0x09 }.split(separator: UInt8(ascii: ";"))
        guard let tag = parts.first, let primary = tag.split(separator: UInt8(ascii: "-")).first,
            (2...3).contains(primary.count), primary.allSatisfy(isLetter)
        else { return nil }
        let weight = parts.dropFirst().first { $0.starts(with: "q=".utf8) }.map { thousandths($0.dropFirst(2)) } ?? 1000
        return (String(decoding: primary.map { $0 | 0x20 }, as: UTF8.self), weight)
    }

    /// `0.75` is 750; 0 for what is no weight.
    private static func thousandths(_ text: some Collection<UInt8>) -> Int {
        guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return 0 }
        let digits = text.dropFirst(2).prefix(3)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return 0 }
        var fraction = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        for _ in digits.count..<3 { fraction *= 10 }
        return min(1000, Int(first - UInt8(ascii: "0")) * 1000 + fraction)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
