/// Where somebody is signed in.
struct SessionsContent: AccountContent {
    struct SessionView: Sendable {
        let id: String
        let device: String
        /// The application that it is for; nil for the account itself.
        let application: String?
        let detail: String
        /// For those who hear the page: which session the button ends.
        let endLabel: String
    }

    static let template = "account-sessions"

    let current: SessionView
    let hasOthers: Bool
    let others: [SessionView]

    static func sample(_ texts: Texts) -> Self {
        let session = SessionView(
            id: "id",
            device: "Firefox",
            application: "For Shop",
            detail: "Last used just now",
            endLabel: "End"
        )
        return SessionsContent(current: session, hasOthers: true, others: [session])
    }
}
