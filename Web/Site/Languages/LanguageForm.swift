/// The languages of the site to choose from, at the foot of each page.
struct LanguageForm: Sendable {
    struct Choice: Sendable {
        let code: String
        /// What the language calls itself.
        let name: String
        let isCurrent: Bool
    }

    let label: String
    let token: String
    /// The page that it stands on.
    let returnTarget: String
    let choices: [Choice]

    /// For the check of templates.
    static let sample = LanguageForm(
        label: "Language",
        token: "token",
        returnTarget: "/",
        choices: [Choice(code: "en", name: "English", isCurrent: true)]
    )
}

extension Visit {
    /// The choice of languages; nil before this browser's cookies were read.
    var languageForm: LanguageForm? {
        guard browser != nil else { return nil }
        return LanguageForm(
            label: texts["language.label"],
            token: browserToken,
            returnTarget: ReturnTarget(address)?.text ?? "/",
            choices: parts.catalogue.all.map { other in
                .init(
                    code: other.language,
                    name: other["language.name"],
                    isCurrent: other.language == texts.language
                )
            }
        )
    }
}
