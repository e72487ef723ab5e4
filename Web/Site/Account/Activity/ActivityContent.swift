/// What happened to the account, newest first.
struct ActivityContent: AccountContent {
    struct Entry: Sendable {
        let sentence: String
        let detail: String
        /// For programs that read the page, as HTML's `time` wants it.
        let moment: String
        let isWarning: Bool
    }

    static let template = "account-activity"

    let entries: [Entry]
    /// Of the page with what was before; nil on the last one.
    let olderPath: String?
    /// Whether this is not the newest page.
    let isOlder: Bool

    static func sample(_ texts: Texts) -> Self {
        let entry = Entry(sentence: "You signed in.", detail: "just now", moment: "2026-01-31T09:30Z", isWarning: true)
        return ActivityContent(entries: [entry], olderPath: "/account/activity?page=x", isOlder: true)
    }
}
