internal import Identity
internal import MariaDB

/// How it stands with somebody's password, as far as the page that sets one looks at it.
enum PasswordSituation: Sendable {
    case none
    case set(since: Timestamp)
    /// Whoever runs the site made it useless.
    case resetDemanded
    /// The account is repaired, in a session that is told nothing of what there is but what it was begun with.
    case repairing(provedPassword: Bool)

    init(_ account: AccountVisit) async throws {
        guard !account.isRepairing else {
            self = .repairing(provedPassword: account.session.methods.contains("pwd"))
            return
        }
        let status = try await account.core.passwords.status(of: account.session.userID, account.context)
        guard let status else {
            self = .none
            return
        }
        self = status.resetDemandedAt == nil ? .set(since: status.changedAt) : .resetDemanded
    }

    /// Whether it lets its owner in, so that it is asked for before another is set.
    var isUsable: Bool {
        switch self {
        case .set: true
        case .repairing(let provedPassword): provedPassword
        case .none, .resetDemanded: false
        }
    }

    func words(_ account: AccountVisit) -> String {
        let texts = account.texts
        return switch self {
        case .none: texts["password_page.none"]
        case .set(let since): texts.text("password_page.set", ["since": texts.ago(account.core.now() - since)])
        case .resetDemanded: texts["password_page.reset_demanded"]
        case .repairing(let provedPassword):
            texts[provedPassword ? "password_page.repair_change" : "password_page.repair"]
        }
    }
}
