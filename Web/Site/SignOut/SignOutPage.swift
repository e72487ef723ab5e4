/// Somebody came by a link to be signed out; a button does it.
struct SignOutPage: PageView {
    static let template = "sign-out"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    /// The application that sent the browser, and where to; empty: none.
    let client: String
    let returnAddress: String
    let state: String

    static func sample(_ texts: Texts) -> Self {
        SignOutPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            client: "x",
            returnAddress: "https://shop.example.com/",
            state: "x"
        )
    }
}
