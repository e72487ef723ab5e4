import Foundation

/// A proto comment: its text without our tags, and the tags.
struct Comment {
    let text: String
    /// `@max(N)`: bytes of a string or bytes field, count of a repeated one.
    let maximum: Int?
    /// True when it says `@secret`.
    let isSecret: Bool

    init(_ raw: String) {
        let joined = raw.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .joined(separator: " ")
        let tag = /@max\((\d+)\)/
        maximum = joined.firstMatch(of: tag).flatMap { Int($0.output.1) }
        isSecret = joined.contains("@secret")
        text = joined.replacing(tag, with: "").replacing("@secret", with: "")
            .trimmingCharacters(in: .whitespaces)
    }

    /// Lines of a documentation comment: one sentence, then the rest.
    func documentation(otherwise: String, limit: String? = nil) -> [String] {
        let whole = text.isEmpty ? otherwise : text
        let sentences = whole.split(separator: ". ", maxSplits: 1).map(String.init)
        var paragraphs = [sentences[0].hasSuffix(".") ? sentences[0] : sentences[0] + "."]
        if sentences.count > 1 { paragraphs.append(sentences[1]) }
        if let limit { paragraphs.append(limit) }
        return Array(paragraphs.map(Self.wrapped).joined(separator: ["///"]))
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "///"
        for word in text.split(separator: " ") {
            if line.count + word.count > 110 {
                lines.append(line)
                line = "///"
            }
            line += " " + word
        }
        return lines + [line]
    }
}
