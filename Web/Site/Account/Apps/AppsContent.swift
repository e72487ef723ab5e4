/// The authenticator apps of an account.
struct AppsContent: AccountContent {
    struct AppView: Sendable {
        let name: String
        let detail: String
        let renamePath: String
        let removePath: String
        /// For those who hear the page: what the links are about.
        let renameLabel: String
        let removeLabel: String
    }

    static let template = "account-apps"

    let apps: [AppView]
    let hasApps: Bool

    static func sample(_ texts: Texts) -> Self {
        let app = AppView(
            name: "Telephone",
            detail: "Set up yesterday",
            renamePath: "/x",
            removePath: "/x",
            renameLabel: "x",
            removeLabel: "x"
        )
        return AppsContent(apps: [app], hasApps: true)
    }
}
