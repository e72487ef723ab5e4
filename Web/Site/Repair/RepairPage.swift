/// What a session is led to that does nothing but repair an account.
struct RepairPage: PageView {
    static let template = "repair"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let lead: String
    /// What does most for the person; nil where that is a passkey.
    let best: SignInWays.Link?
    /// Nil where there are no passkeys.
    let passkey: PasskeyFormView?
    let links: [SignInWays.Link]
    /// What is not set up here, but afterwards; nil for nothing.
    let hint: String?
    /// `main` once something was set up, else `second`.
    let doneClass: String

    static func sample(_ texts: Texts) -> Self {
        RepairPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            lead: "Set up what you lost.",
            best: .init(wayPath: "/account/password", label: "Change your password"),
            passkey: .sample,
            links: [.init(wayPath: "/account/password", label: "Set a password")],
            hint: "New codes are made afterwards.",
            doneClass: "main"
        )
    }
}
