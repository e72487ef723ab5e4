internal import Identity

/// What the mail with an invitation shows.
struct InvitationMessage: MessageView {
    let text: Texts
    let language: String
    let direction: String
    let subject: String
    let lead: String
    /// The full address of the link.
    let linkPath: String
    let limits: String
    let siteName: String
    let siteURL: String

    init(_ link: String, days: Int, _ values: MessageValues, _ texts: Texts) {
        text = texts
        language = texts.language
        direction = texts["language.direction"]
        subject = texts.text("mail.invitation.subject", ["site": values.siteName])
        lead = texts.text("mail.invitation.lead", ["site": values.siteName])
        linkPath = link
        limits =
            days == 1
            ? texts["mail.invitation.limits_day"]
            : texts.text("mail.invitation.limits_days", ["days": "\(days)"])
        siteName = values.siteName
        siteURL = values.siteURL
    }

    static func sample(_ texts: Texts) -> InvitationMessage {
        let link = "https://id.example.com/invitation?token=x"
        let values = MessageValues(
            siteName: "Gatehouse",
            siteURL: "https://id.example.com",
            content: .invitation(link: link, days: 7)
        )
        return InvitationMessage(link, days: 7, values, texts)
    }
}
