/// The browser is on its way to an application.
struct HandOverPage: PageView {
    static let template = "hand-over"

    let layout: PageLayout
    let text: Texts
    let formToken: String
    let heading: String
    let lead: String
    let label: String
    /// The application's address, with the ticket: never anything but a registered one.
    let leavingPath: String

    static func sample(_ texts: Texts) -> Self {
        HandOverPage(
            layout: .sample(texts),
            text: texts,
            formToken: "",
            heading: "You are signed in",
            lead: "You are on your way to Shop.",
            label: "Go on to Shop",
            leavingPath: "https://shop.example.com/callback?ticket=x"
        )
    }
}
