/// Who wants to sign in.
struct SignInPage: PageView {
    static let template = "sign-in"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    /// What was typed last.
    let identifier: String
    let returnTarget: String
    /// Whether other names than addresses are taken, as where people have passwords.
    let takesNames: Bool
    /// Whether numbers are taken beside addresses, and no other names.
    let takesPhones: Bool
    let lead: String
    let label: String
    let submitLabel: String
    let aside: String?
    let passkey: PasskeyFormView?
    let hasProviders: Bool
    let providers: [ProviderView]

    static func sample(_ texts: Texts) -> Self {
        SignInPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter an address."),
            identifier: "ada@example.com",
            returnTarget: "/account",
            takesNames: true,
            takesPhones: true,
            lead: "We send a code.",
            label: "E-mail address",
            submitLabel: "Continue",
            aside: "The code is good for a few minutes.",
            passkey: .sample,
            hasProviders: true,
            providers: [.sample]
        )
    }
}
