internal import Identity

/// A password is typed, or a code asked for instead.
struct PasswordPage: PageView {
    static let template = "password"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    /// False when the password was right, and is too short to be the only proof.
    let takesPassword: Bool
    let submitLabel: String
    /// Whether a forgotten password can be set anew, after a proof of the address.
    let mayForget: Bool
    let ways: SignInWays

    static func sample(_ texts: Texts) -> Self {
        PasswordPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter your password."),
            takesPassword: true,
            submitLabel: "Sign in",
            mayForget: true,
            ways: .sample
        )
    }
}
