/// A recovery code is typed, in place of a second factor that is lost.
struct RecoveryCodePage: PageView {
    static let template = "recovery-code"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let notice: NoticeView?
    let fieldProblem: FieldProblemView?
    let ways: SignInWays

    static func sample(_ texts: Texts) -> Self {
        RecoveryCodePage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            notice: .sample,
            fieldProblem: FieldProblemView(message: "Enter a code."),
            ways: .sample
        )
    }
}
