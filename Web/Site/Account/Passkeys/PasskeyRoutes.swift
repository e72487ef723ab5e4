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
            renamePath: "/account/passkeys/rename?id=\(passkey.id)",
            removePath: "/account/passkeys/remove?id=\(passkey.id)",
            renameLabel: texts.text("account.rename_label", ["name": passkey.name]),
            removeLabel: texts.text("account.remove_label", ["name": passkey.name])
        )
    }

    private static func passkey(_ text: String, _ account: AccountVisit) async throws -> Passkey {
        guard let id = PasskeyID(text: text), let found = try await passkeys(account).first(where: { $0.id == id })
        else { throw PageRefusal.notFound }
        return found
    }

    static func askName(_ account: AccountVisit) async throws -> Answer {
        let passkey = try await passkey(account.query["id"], account)
        let content = NameContent(
            lead: account.texts["passkeys.name_lead"],
            actionPath: "/account/passkeys/rename",
            id: passkey.id.description,
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? passkey.name,
            label: account.texts["account.save"],
            cancelPath: AccountArea.passkeys.path
        )
        return account.page(content, in: .passkeys, title: "passkeys.rename_title")
    }

    static func rename(_ account: AccountVisit) async throws -> Answer {
        let (text, name) = (account.form["id"], account.form["name"])
        guard let id = PasskeyID(text: text) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: "/account/passkeys/rename?id=\(id)", typed: name) {
            try await account.core.passkeys.rename(id, to: name, account.context)
            return account.visit.redirect(AccountArea.passkeys.path, notice: Notice(.passkeyRenamed))
        }
    }

    static func askRemoval(_ account: AccountVisit) async throws -> Answer {
        let passkey = try await passkey(account.query["id"], account)
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts["passkeys.remove_lead"],
            facts: [.init(label: texts["account.name"], value: passkey.name)],
            actionPath: "/account/passkeys/remove",
            id: passkey.id.description,
            label: texts["passkeys.remove_button"],
            cancelPath: AccountArea.passkeys.path
        )
        return account.page(content, in: .passkeys, title: "passkeys.remove_title")
    }

    static func remove(_ account: AccountVisit) async throws -> Answer {
        guard let id = PasskeyID(text: account.form["id"]) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: AccountArea.passkeys.path) {
            try await account.core.passkeys.remove(id, of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.passkeys.path, notice: Notice(.passkeyRemoved))
        }
    }
}
