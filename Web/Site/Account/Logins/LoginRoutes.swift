internal import Identity

/// The logins at providers that open one's account: which there are, linking one more, and taking one away.
enum LoginRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let logins = try await logins(account)
        let providers = try await account.core.externalLogins.buttons(account.context)
        let content = LoginsContent(
            logins: logins.map { view($0, account) },
            hasLogins: !logins.isEmpty,
            providers: providers.map { ProviderView($0, account.visit, textID: "logins.link") },
            hasProviders: !providers.isEmpty
        )
        return account.page(content, in: .logins)
    }

    private static func logins(_ account: AccountVisit) async throws -> [ExternalLogin] {
        try await account.core.externalLogins.list(account.session.userID, account.context)
    }

    private static func view(_ login: ExternalLogin, _ account: AccountVisit) -> LoginsContent.LoginView {
        let texts = account.texts
        let provider = login.provider
        return LoginsContent.LoginView(
            provider: provider.displayName,
            markPath: account.visit.parts.providerMarks.path(of: provider),
            name: login.label,
            detail: texts.uses(since: login.createdAt, last: login.lastUsedAt, at: account.core.now()),
            warning: login.isProviderEnabled ? nil : texts["logins.off"],
            unlinkPath: "/account/logins/unlink?id=\(login.id)",
            unlinkLabel: texts.text("logins.unlink_label", ["provider": provider.displayName, "name": login.label])
        )
    }

    /// Sends the browser away to link a login; asks for a fresh proof first.
    static func link(_ account: AccountVisit) async throws -> Answer {
        do {
            let started = try await account.core.externalLogins.beginLink(account.form["provider"], account.context)
            return ExternalRoutes.leave(account.visit, started)
        } catch {
            guard error.isAboutProvider else { throw error }
            return account.visit.redirect(AccountArea.logins.path, notice: Notice(.externalUnavailable))
        }
    }

    static func askRemoval(_ account: AccountVisit) async throws -> Answer {
        guard let id = ExternalLoginID(text: account.query["id"]),
            let login = try await logins(account).first(where: { $0.id == id })
        else { throw PageRefusal.notFound }
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts["logins.unlink_lead"],
            facts: [
                .init(label: texts["logins.provider"], value: login.provider.displayName),
                .init(label: texts["logins.login"], value: login.label),
            ],
            actionPath: "/account/logins/unlink",
            id: login.id.description,
            label: texts["logins.unlink_button"],
            cancelPath: AccountArea.logins.path
        )
        return account.page(content, in: .logins, title: "logins.unlink_title")
    }

    static func unlink(_ account: AccountVisit) async throws -> Answer {
        guard let id = ExternalLoginID(text: account.form["id"]) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: AccountArea.logins.path) {
            try await account.core.externalLogins.unlink(id, of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.logins.path, notice: Notice(.loginUnlinked))
        }
    }
}
