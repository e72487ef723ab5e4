internal import Identity
internal import MariaDB

/// Authenticator apps: which there are, their names, and taking one away.
enum AppRoutes {
    static func show(_ account: AccountVisit) async throws -> Answer {
        let devices = try await devices(account)
        let content = AppsContent(apps: devices.map { view($0, account) }, hasApps: !devices.isEmpty)
        return account.page(content, in: .apps)
    }

    /// Those that count: an app that was never confirmed is none.
    static func devices(_ account: AccountVisit) async throws -> [TOTPDevice] {
        try await account.core.totp.list(account.session.userID, account.context).filter { $0.confirmedAt != nil }
    }

    private static func view(_ device: TOTPDevice, _ account: AccountVisit) -> AppsContent.AppView {
        let texts = account.texts
        return AppsContent.AppView(
            name: device.name,
            detail: texts.uses(since: device.createdAt, last: device.lastUsedAt, at: account.core.now()),
            renamePath: "/account/apps/rename?id=\(device.id)",
            removePath: "/account/apps/remove?id=\(device.id)",
            renameLabel: texts.text("account.rename_label", ["name": device.name]),
            removeLabel: texts.text("account.remove_label", ["name": device.name])
        )
    }

    private static func device(_ text: String, _ account: AccountVisit) async throws -> TOTPDevice {
        guard let id = TOTPDeviceID(text: text), let found = try await devices(account).first(where: { $0.id == id })
        else { throw PageRefusal.notFound }
        return found
    }

    static func askName(_ account: AccountVisit) async throws -> Answer {
        let device = try await device(account.query["id"], account)
        let content = NameContent(
            lead: account.texts["apps.name_lead"],
            actionPath: "/account/apps/rename",
            id: device.id.description,
            fieldProblem: account.visit.fieldProblem,
            value: account.visit.notice?.typed ?? device.name,
            label: account.texts["account.save"],
            cancelPath: AccountArea.apps.path
        )
        return account.page(content, in: .apps, title: "apps.rename_title")
    }

    static func rename(_ account: AccountVisit) async throws -> Answer {
        let (text, name) = (account.form["id"], account.form["name"])
        guard let id = TOTPDeviceID(text: text) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: "/account/apps/rename?id=\(id)", typed: name) {
            try await account.core.totp.rename(id, to: name, account.context)
            return account.visit.redirect(AccountArea.apps.path, notice: Notice(.appRenamed))
        }
    }

    static func askRemoval(_ account: AccountVisit) async throws -> Answer {
        let device = try await device(account.query["id"], account)
        try await account.requireStrongestProof()
        let texts = account.texts
        let content = ActionPage(
            lead: texts["apps.remove_lead"],
            facts: [.init(label: texts["account.name"], value: device.name)],
            actionPath: "/account/apps/remove",
            id: device.id.description,
            label: texts["apps.remove_button"],
            cancelPath: AccountArea.apps.path
        )
        return account.page(content, in: .apps, title: "apps.remove_title")
    }

    static func remove(_ account: AccountVisit) async throws -> Answer {
        guard let id = TOTPDeviceID(text: account.form["id"]) else { throw PageRefusal.badRequest }
        return try await account.attempt(orBackTo: AccountArea.apps.path) {
            try await account.core.totp.remove(id, of: account.session.userID, account.context)
            return account.visit.redirect(AccountArea.apps.path, notice: Notice(.appRemoved))
        }
    }
}

extension Texts {
    /// When an authenticator was made and used last.
    func uses(since created: Timestamp, last: Timestamp?, at now: Timestamp) -> String {
        let since = text("account.added", ["since": ago(now - created)])
        let used = last.map { text("account.used", ["used": ago(now - $0)]) } ?? self["account.never_used"]
        return since + " · " + used
    }
}
