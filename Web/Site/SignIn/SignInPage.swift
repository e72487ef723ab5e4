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

    static func sample(_ texts: Texts) -> Self {
        SignInPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter an address."),
            identifier: "ada@example.com",
            returnTarget: "/account"
        )
    }
}
