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
    /// What is offered in its place; nil when no code can be sent.
    let codeLead: String?
    let submitLabel: String
    let cancelLabel: String

    /// What a flow waits for, as far as this page serves it.
    struct Ways {
        let takesPassword: Bool
        /// Where a code would go, masked.
        let codeAddress: String?

        var isAny: Bool { takesPassword || codeAddress != nil }

        init(_ view: SignInView) {
            takesPassword = view.steps.contains(.password)
            codeAddress =
                view.steps.compactMap { step in
                    if case .sendCode(let address) = step { address } else { nil }
                }.first
        }
    }

    static func sample(_ texts: Texts) -> Self {
        PasswordPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter your password."),
            takesPassword: true,
            codeLead: "We can send a code to a•••@example.com instead.",
            submitLabel: "Sign in",
            cancelLabel: "Use another address"
        )
    }
}
