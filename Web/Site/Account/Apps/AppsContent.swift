/// The authenticator apps of an account.
struct AppsContent: AccountContent {
    struct AppView: Sendable {
        let name: String
        let detail: String
        let links: NamedAuthenticators.Links
    }

    static let template = "account-apps"

    let apps: [AppView]
    let hasApps: Bool

    static func sample(_ texts: Texts) -> Self {
        let app = AppView(
            name: "Telephone",
            detail: "Set up yesterday",
            links: .sample
        )
        return AppsContent(apps: [app], hasApps: true)
    }
}
