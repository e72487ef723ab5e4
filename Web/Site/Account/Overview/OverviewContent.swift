/// The account at a glance: a card for each part, with what it holds and where to change it.
struct OverviewContent: AccountContent {
    struct Card: Sendable {
        let heading: String
        let lines: [TextLine]
        let cardPath: String
        let linkLabel: String
    }

    /// The one thing that would do the account most good.
    struct Advice: Sendable {
        let heading: String
        let text: String
        let advicePath: String
        let label: String
    }

    static let template = "account"

    let name: String
    let address: String?
    let advice: Advice?
    let cards: [Card]

    static func sample(_ texts: Texts) -> Self {
        OverviewContent(
            name: "Ada",
            address: "ada@example.com",
            advice: Advice(heading: "Add a passkey", text: "It is safer.", advicePath: "/x", label: "Add"),
            cards: [Card(heading: "Profile", lines: [TextLine("Ada Lovelace")], cardPath: "/x", linkLabel: "Change")]
        )
    }
}
