/// Asks whether the account is to be deleted, and says what becomes of it.
struct LeaveContent: AccountContent {
    static let template = "account-delete"

    let lead: String
    let consequences: [TextLine]
    let undo: String

    static func sample(_ texts: Texts) -> Self {
        LeaveContent(
            lead: "It will be deleted.",
            consequences: [TextLine("All sessions end.")],
            undo: "You can take it back."
        )
    }
}
