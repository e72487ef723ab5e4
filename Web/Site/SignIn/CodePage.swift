/// The code is typed.
struct CodePage: PageView {
    static let template = "code"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    let sentTo: String
    let label: String
    let hint: String
    /// Whether it is made of digits alone.
    let isNumeric: Bool
    let submitLabel: String
    let ways: SignInWays

    static func sample(_ texts: Texts) -> Self {
        CodePage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter the code."),
            sentTo: "A code is on its way.",
            label: "Code",
            hint: "8 characters.",
            isNumeric: true,
            submitLabel: "Sign in",
            ways: .sample
        )
    }
}
