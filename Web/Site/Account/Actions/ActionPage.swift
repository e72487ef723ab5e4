/// Asks once more before something is done that cannot simply be done again, naming what it is about (SECURITY SU-05).
struct ActionPage: AccountContent {
    static let template = "account-action"

    /// Something that is known about it.
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    let lead: String
    let facts: [Fact]
    let actionPath: String
    /// What it is about; empty for nothing in particular.
    let id: String
    let label: String
    let cancelPath: String

    static func sample(_ texts: Texts) -> Self {
        ActionPage(
            lead: "It can no longer be used.",
            facts: [Fact(label: "Name", value: "Telephone")],
            actionPath: "/account/passkeys/remove",
            id: "x",
            label: "Remove it",
            cancelPath: "/account/passkeys"
        )
    }
}
