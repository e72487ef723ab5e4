/// Asks for what a profile lacks and this site needs.
struct CompleteProfilePage: PageView {
    static let template = "complete-profile"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    /// Drawn by the schema, with nothing but what is missing.
    let form: ProfileFormView
    /// As of which state of the profile it was drawn.
    let revision: String
    let returnTarget: String
    /// Whether a passkey is offered next: `yes`, or empty.
    let offersPasskey: String

    static func sample(_ texts: Texts) -> Self {
        CompleteProfilePage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            form: .sample(),
            revision: "1",
            returnTarget: "/account",
            offersPasskey: "yes"
        )
    }
}
