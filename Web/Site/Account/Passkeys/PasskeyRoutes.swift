internal import Identity
internal import MariaDB

/// Passkeys: which there are, their names, and taking one away.
enum PasskeyRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let passkeys = try await passkeys(account)
        let content = PasskeysContent(
            passkeys: passkeys.map { view($0, account) },
            hasPasskeys: !passkeys.isEmpty,
            hasRoom: passkeys.count < account.core.policy.passkeys.maximumPerUser,
            signals: try await signals(account)
        )
        return account.page(content, in: .passkeys, scripts: [.signals])
    }

    private static func signals(_ account: AccountVisit) async throws -> [PasskeysContent.Signal] {
        let signals = try await account.core.passkeys.signals(about: "", account.context)
        let told = [
            ("signalAllAcceptedCredentials", signals.allAcceptedCredentials),
            ("signalCurrentUserDetails", signals.currentUserDetails),
        ]
        return told.compactMap { function, options in options.map { .init(function: function, options: $0) } }
    }

    private static func passkeys(_ account: AccountVisit) async throws -> [Passkey] {
        guard AccountArea.passkeys.isOffered(by: account.core.policy) else { throw PageRefusal.notFound }
        return try await account.core.passkeys.list(account.session.userID, account.context)
    }

    private static func view(_ passkey: Passkey, _ account: AccountVisit) -> PasskeysContent.PasskeyView {
        let (texts, now) = (account.texts, account.core.now())
        let place = passkey.isBackedUp ? "synced" : passkey.isBackupEligible ? "may_sync" : "device_bound"
        return PasskeysContent.PasskeyView(
            name: passkey.name,
            kind: [passkey.model, texts["passkeys.\(place)"]].compactMap(\.self).joined(separator: " · "),
            detail: texts.uses(since: passkey.createdAt, last: passkey.lastUsedAt, at: now),
            warning: passkey.suspectedCopyAt.map { texts.text("passkeys.copied", ["when": texts.ago(now - $0)]) },
            links: named.links(to: passkey.named, texts)
        )
    }

    /// Renaming them, and taking one away.
    static let named = NamedAuthenticators(
        area: .passkeys,
        list: { try await passkeys($0).map(\.named) },
        rename: { try await $2.core.passkeys.rename(id($0), to: $1, $2.context) },
        remove: { try await $1.core.passkeys.remove(id($0), of: $1.session.userID, $1.context) },
        renamed: .passkeyRenamed,
        removed: .passkeyRemoved
    )

    private static func id(_ text: String) throws(PageRefusal) -> PasskeyID {
        guard let id = PasskeyID(text: text) else { throw .badRequest }
        return id
    }
}

extension Passkey {
    fileprivate var named: NamedAuthenticator { NamedAuthenticator(id: id.description, name: name) }
}
