/// The passkeys of an account.
struct PasskeysContent: AccountContent {
    struct PasskeyView: Sendable {
        let name: String
        /// What keeps it, and whether it is copied to other devices.
        let kind: String
        let detail: String
        /// When it may have been copied by somebody; nil for most.
        let warning: String?
        let links: NamedAuthenticators.Links
    }

    /// What the page's script tells the browser.
    struct Signal: Sendable {
        /// A function of `PublicKeyCredential`.
        let function: String
        /// JSON of its options.
        let options: String
    }

    static let template = "account-passkeys"

    let passkeys: [PasskeyView]
    let hasPasskeys: Bool
    let hasRoom: Bool
    let signals: [Signal]

    static func sample(_ texts: Texts) -> Self {
        let passkey = PasskeyView(
            name: "Telephone",
            kind: "iCloud Keychain",
            detail: "Added yesterday",
            warning: "It may have been copied.",
            links: .sample
        )
        return PasskeysContent(
            passkeys: [passkey],
            hasPasskeys: true,
            hasRoom: true,
            signals: [.init(function: "x", options: "{}")]
        )
    }
}
