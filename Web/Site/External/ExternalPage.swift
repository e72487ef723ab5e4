/// On the way to a provider: a page, since browsers hold redirects of a form's answer to the origins that the policy of the
/// page with the form lists, and providers come and go.
struct ExternalPage: PageView {
    static let template = "external"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let heading: String
    /// The provider's own address.
    let continuePath: String
    let label: String

    static func sample(_ texts: Texts) -> Self {
        ExternalPage(
            layout: .sample(texts),
            text: texts,
            formToken: "token",
            heading: "On to Example",
            continuePath: "https://id.example/authorize",
            label: "Go on"
        )
    }
}
