internal import FoundationEssentials

/// The strings of all languages, read from the locale files.
struct TextCatalogue: Sendable {
    /// Strings by id, for each language.
    private let languages: [String: Texts]
    static let fallback = "en"

    /// - Parameter files: JSON by language: one object, ids to strings. English must have every id; what another
    ///   language lacks is shown in English, what it has too much is a mistake.
    /// - Throws: `CatalogueProblem` naming the language and the string.
    init(files: [String: [UInt8]]) throws {
        guard let english = files[Self.fallback] else {
            throw CatalogueProblem(language: Self.fallback, reason: "is missing")
        }
        let base = try Self.strings(english, Self.fallback)
        var languages: [String: Texts] = [:]
        for (language, bytes) in files {
            let strings = try Self.strings(bytes, language)
            for (id, text) in strings {
                guard let original = base[id] else {
                    throw CatalogueProblem(language: language, reason: "\(id) is unknown")
                }
                guard Texts.placeholders(text).isSubset(of: Texts.placeholders(original)) else {
                    throw CatalogueProblem(language: language, reason: "\(id) has an unknown {placeholder}")
                }
            }
            languages[language] = Texts(language: language, strings: base.merging(strings) { $1 })
        }
        self.languages = languages
    }

    /// The strings for a browser or a mailbox, by an `Accept-Language` list.
    func texts(for preference: String) -> Texts {
        let wanted = LanguagePreference.languages(in: preference)
        return wanted.lazy.compactMap { languages[$0] }.first ?? english
    }

    /// The strings of one language; nil for one that there is not.
    func texts(of language: String) -> Texts? { languages[language] }

    /// All languages there are, in the order of their codes.
    var all: [Texts] { languages.values.sorted { $0.language < $1.language } }

    var english: Texts { languages[Self.fallback] ?? Texts(language: Self.fallback, strings: [:]) }

    private static func strings(_ bytes: [UInt8], _ language: String) throws -> [String: String] {
        do {
            return try JSONDecoder().decode([String: String].self, from: Data(bytes))
        } catch {
            throw CatalogueProblem(language: language, reason: "is not a JSON object of strings")
        }
    }
}

/// Why a locale file is not taken.
struct CatalogueProblem: Error, CustomStringConvertible {
    let language: String
    let reason: String

    var description: String { "locale \(language): \(reason)" }
}
