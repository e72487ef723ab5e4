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
            links: named.links(to: device.named, texts)
        )
    }

    /// Renaming them, and taking one away.
    static let named = NamedAuthenticators(
        area: .apps,
        list: { try await devices($0).map(\.named) },
        rename: { try await $2.core.totp.rename(id($0), to: $1, $2.context) },
        remove: { try await $1.core.totp.remove(id($0), of: $1.session.userID, $1.context) },
        renamed: .appRenamed,
        removed: .appRemoved
    )

    private static func id(_ text: String) throws(PageRefusal) -> TOTPDeviceID {
        guard let id = TOTPDeviceID(text: text) else { throw .badRequest }
        return id
    }
}

extension TOTPDevice {
    fileprivate var named: NamedAuthenticator { NamedAuthenticator(id: id.description, name: name) }
}

extension Texts {
    /// When an authenticator was made and used last.
    func uses(since created: Timestamp, last: Timestamp?, at now: Timestamp) -> String {
        let since = text("account.added", ["since": ago(now - created)])
        let used = last.map { text("account.used", ["used": ago(now - $0)]) } ?? self["account.never_used"]
        return since + " · " + used
    }
}
