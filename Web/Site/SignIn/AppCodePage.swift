/// The code of an authenticator app is typed.
struct AppCodePage: PageView {
    static let template = "app-code"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    /// Whether the device can be remembered; a confirmation is asked for again anyway.
    let mayRemember: Bool
    let submitLabel: String
    let ways: SignInWays

    static func sample(_ texts: Texts) -> Self {
        AppCodePage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter the code."),
            mayRemember: true,
            submitLabel: "Sign in",
            ways: .sample
        )
    }
}
