package import Identity

/// The messages of the domain in all languages of the site, from the templates in `Mail/`.
package struct SiteMessages: MessageTemplates {
    private let catalogue: TextCatalogue
    private let templates: TemplateLibrary

    /// Reads and checks the templates.
    ///
    /// - Parameter webDirectory: A directory laid out like `Web/` whose files replace the built-in ones; nil for none.
    /// - Throws: A sentence naming the file that cannot be used.
    package init(webDirectory: String? = nil) throws {
        let files = try SiteFiles(directory: webDirectory)
        catalogue = try TextCatalogue(files: files)
        let sample = CodeMessage.sample(catalogue.english)
        templates = try TemplateLibrary(
            sources: try files.texts(in: "Mail", ending: ".mustache"),
            samples: ["code.txt": sample, "code.html": sample]
        )
    }

    /// The message in the first of `languages` that there are strings for, else in English.
    package func render(_ kind: MessageKind, languages: String, values: MessageValues) -> RenderedMessage {
        let texts = catalogue.texts(for: languages)
        switch kind {
        case .signInCode:
            let message = CodeMessage(values, texts)
            return RenderedMessage(
                subject: message.subject,
                text: templates.render(message, with: "code.txt"),
                html: templates.render(message, with: "code.html")
            )
        }
    }
}

/// What the mail with a code shows.
struct CodeMessage: Sendable {
    let text: Texts
    let language: String
    let direction: String
    let subject: String
    let code: String
    let limits: String
    let siteName: String
    let siteURL: String

    init(_ values: MessageValues, _ texts: Texts) {
        text = texts
        language = texts.language
        direction = texts["language.direction"]
        subject = texts.text("mail.subject", ["site": values.siteName])
        code = values.code
        limits =
            values.lifetimeMinutes == 1
            ? texts["mail.limits_minute"]
            : texts.text("mail.limits_minutes", ["minutes": "\(values.lifetimeMinutes)"])
        siteName = values.siteName
        siteURL = values.siteURL
    }

    static func sample(_ texts: Texts) -> CodeMessage {
        let values = MessageValues(
            siteName: "Gatehouse",
            siteURL: "https://id.example.com",
            code: "ABCD-EFGH",
            lifetimeMinutes: 5
        )
        return CodeMessage(values, texts)
    }
}
