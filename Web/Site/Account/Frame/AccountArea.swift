internal import Identity

/// The parts of the account, in the order of its navigation.
enum AccountArea: String, CaseIterable, Sendable {
    case overview
    case profile
    case addresses
    case passkeys
    case apps
    case password
    case logins
    case recovery
    case sessions
    case activity
    case data

    var path: String { self == .overview ? "/account" : "/account/" + rawValue }

    /// Id of its name.
    var titleID: String { "account.area." + rawValue }

    /// Whether there is any use for it, as this site is configured, and has providers.
    func isOffered(by policy: IdentityPolicy, withLogins: Bool = false) -> Bool {
        switch self {
        case .password: policy.passwords.isEnabled
        case .logins: withLogins
        case .passkeys: policy.passkeys.relyingParty != nil
        default: true
        }
    }
}

/// The ways through the account, as the pages show them.
struct AccountNavigation: Sendable {
    struct Item: Sendable {
        let itemPath: String
        let label: String
        let isCurrent: Bool
    }

    let label: String
    let items: [Item]

    init(at area: AccountArea, among areas: [AccountArea], _ texts: Texts) {
        label = texts["account.navigation"]
        items = areas.map { other in
            Item(itemPath: other.path, label: texts[other.titleID], isCurrent: other == area)
        }
    }

    private init(label: String, items: [Item]) {
        (self.label, self.items) = (label, items)
    }

    /// For the check of templates.
    static let sample = AccountNavigation(
        label: "Account",
        items: [Item(itemPath: "/account", label: "Overview", isCurrent: true)]
    )
}
