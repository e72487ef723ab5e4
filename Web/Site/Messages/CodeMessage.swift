internal import Identity

/// What the mail with a code shows.
struct CodeMessage: MessageView {
    let text: Texts
    let language: String
    let direction: String
    let subject: String
    let greeting: String
    let otherwise: String
    let code: String
    let limits: String
    let siteName: String
    let siteURL: String

    /// What a code is for is said by the texts whose ids begin with `purpose`.
    init(_ code: String, minutes: Int, purpose: String, _ values: MessageValues, _ texts: Texts) {
        text = texts
        language = texts.language
        direction = texts["language.direction"]
        subject = texts.text(purpose + ".subject", ["site": values.siteName])
        greeting = texts[purpose + ".greeting"]
        otherwise = texts[purpose + ".otherwise"]
        self.code = code
        limits =
            minutes == 1
            ? texts["mail.limits_minute"]
            : texts.text("mail.limits_minutes", ["minutes": "\(minutes)"])
        siteName = values.siteName
        siteURL = values.siteURL
    }

    static func sample(_ texts: Texts) -> CodeMessage {
        let values = MessageValues(
            siteName: "Gatehouse",
            siteURL: "https://id.example.com",
            content: .signInCode("ABCD-EFGH", minutes: 5)
        )
        return CodeMessage("ABCD-EFGH", minutes: 5, purpose: "mail", values, texts)
    }
}
