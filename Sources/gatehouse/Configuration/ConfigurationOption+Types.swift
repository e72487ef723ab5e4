extension ConfigurationOption where Value == String {
    /// Free text.
    static func text(_ key: String, default text: String = "", expects: String = "text", _ summary: String) -> Self {
        Self(key, default: text, text, expects: expects, summary) { $0 }
    }
}

extension ConfigurationOption where Value == [String] {
    /// A list, written with commas or as a YAML sequence.
    static func list(_ key: String, expects: String, _ summary: String) -> Self {
        Self(key, default: "", [], expects: expects, summary) { text in
            text.split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        }
    }
}

extension ConfigurationOption where Value == Int {
    /// A whole number within a range.
    static func number(_ key: String, default number: Int, in range: ClosedRange<Int>, _ summary: String) -> Self {
        let expects = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Self(key, default: String(number), number, expects: expects, summary) { text in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
            return range.contains(number) ? number : nil
        }
    }
}

extension ConfigurationOption where Value == Bool {
    /// `true` or `false`.
    static func flag(_ key: String, default value: Bool, _ summary: String) -> Self {
        Self(key, default: String(value), value, expects: "true or false", summary) { Bool($0) }
    }
}

extension ConfigurationOption where Value == Duration {
    /// A length of time: a whole number with a unit.
    static func duration(
        _ key: String,
        default duration: Duration,
        in range: ClosedRange<Duration>,
        _ summary: String
    ) -> Self {
        let text = DurationText.text(of:)
        let expects =
            "a duration from \(text(range.lowerBound)) to \(text(range.upperBound)), such as \(text(duration))"
        return Self(key, default: text(duration), duration, expects: expects, summary) { text in
            guard let duration = DurationText.parse(text), range.contains(duration) else { return nil }
            return duration
        }
    }
}

extension ConfigurationOption where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of a few words.
    static func choice(_ key: String, default value: Value, _ summary: String) -> Self {
        let expects = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
        return Self(key, default: value.rawValue, value, expects: expects, summary) { Value(rawValue: $0) }
    }
}

extension StringProtocol {
    /// The text without ASCII spaces and tabs at either end.
    var trimmingSpaces: SubSequence {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
