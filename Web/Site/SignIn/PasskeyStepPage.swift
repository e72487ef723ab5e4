/// A passkey is used as the step that is due.
struct PasskeyStepPage: PageView {
    static let template = "passkey-step"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let passkey: PasskeyFormView
    let ways: SignInWays

    static func sample(_ texts: Texts) -> Self {
        PasskeyStepPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            passkey: .sample,
            ways: .sample
        )
    }
}
