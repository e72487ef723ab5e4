internal import Identity
internal import JSON
internal import MariaDB

/// What the overview tells of an account; read once.
struct AccountSummary: Sendable {
    let user: User
    let profile: Profile
    let passkeys: Int
    let apps: Int
    let recoveryCodes: Int
    let hasPassword: Bool
    let logins: Int
    let sessions: Int

    init(_ account: AccountVisit) async throws {
        let (core, id, context) = (account.core, account.session.userID, account.context)
        async let user = core.users.get(id, context)
        async let profile = core.profiles.get(id, context)
        async let passkeys = core.passkeys.list(id, context)
        async let devices = AppRoutes.devices(account)
        async let codes = core.recoveryCodes.remaining(of: id, context)
        async let password = core.passwords.status(of: id, context)
        async let logins = core.externalLogins.list(id, context)
        async let sessions = core.sessions.list(id, PageRequest(size: 1000), context)
        self.user = try await user
        self.profile = try await profile
        self.passkeys = try await passkeys.count
        apps = try await devices.count
        recoveryCodes = try await codes
        hasPassword = try await password.map { $0.resetDemandedAt == nil } ?? false
        self.logins = try await logins.count
        self.sessions = try await sessions.items.count
    }

    /// Whether a code can be sent anywhere.
    var hasProvedAddress: Bool { user.identifiers.contains { $0.kind != .username && $0.verifiedAt != nil } }

    var hasSecondFactor: Bool { passkeys + apps > 0 }

    /// The main address; any for want of one.
    var address: String? {
        let emails = user.identifiers.filter { $0.kind == .email }
        return (emails.first(where: \.isPrimary) ?? emails.first)?.value
    }

    /// What the person is called; nil without a name.
    var name: String? {
        let names = [["name"], ["given_name", "family_name"]].map { codes in
            codes.compactMap(text).joined(separator: " ")
        }
        return names.first { !$0.isEmpty }
    }

    private func text(_ code: String) -> String? {
        let value = profile.values.first { $0.path.codes == [code] }?.value
        if case .string(let text)? = value { return text }
        return nil
    }
}
