/// The logins at providers that open an account.
struct LoginsContent: AccountContent {
    struct LoginView: Sendable {
        let provider: String
        let markPath: String
        /// What its owner recognises it by.
        let name: String
        let detail: String
        /// Why it opens nothing at the moment; nil for most.
        let warning: String?
        let unlinkPath: String
        /// For those who hear the page: which login the link is about.
        let unlinkLabel: String
    }

    static let template = "account-logins"

    let logins: [LoginView]
    let hasLogins: Bool
    let providers: [ProviderView]
    let hasProviders: Bool

    static func sample(_ texts: Texts) -> Self {
        let login = LoginView(
            provider: "Example",
            markPath: "/x",
            name: "ada@example.com",
            detail: "Linked yesterday",
            warning: "It is switched off.",
            unlinkPath: "/x",
            unlinkLabel: "x"
        )
        return LoginsContent(logins: [login], hasLogins: true, providers: [.sample], hasProviders: true)
    }
}
