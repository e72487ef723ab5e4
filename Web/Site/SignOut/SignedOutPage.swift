/// The session is over.
struct SignedOutPage: PageView {
    static let template = "signed-out"

    let layout: PageLayout
    let text: Texts
    let formToken: String

    static func sample(_ texts: Texts) -> Self {
        SignedOutPage(layout: .sample(texts), text: texts, formToken: "")
    }
}
