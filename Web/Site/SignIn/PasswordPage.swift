internal import Identity

/// A password is typed, or a code asked for instead.
struct PasswordPage: PageView {
    static let template = "password"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    /// Whose password it is, for programs that keep passwords: what was typed, and nothing that only the account knows
    /// (SECURITY EN-01); nil where nothing was.
    let name: String?
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
            name: "ada@example.com",
            takesPassword: true,
            submitLabel: "Sign in",
            mayForget: true,
            ways: .sample
        )
    }
}
