/// The permissions that methods declare and scopes grant; those of the wire contract are among them.
package enum Permission: String, Sendable, CaseIterable {
    case usersRead = "users.read"
    case usersWrite = "users.write"
    case usersImport = "users.import"
    /// Reads everything of everybody but secrets.
    case exportUsers = "export.users"
    /// The same, with secrets under a key of the caller's.
    case exportSecrets = "export.secrets"
    case profilesRead = "profiles.read"
    case profilesWrite = "profiles.write"
    case profileSchemaRead = "profile_schema.read"
    case profileSchemaWrite = "profile_schema.write"
    case sessionsRead = "sessions.read"
    case sessionsValidate = "sessions.validate"
    case sessionsWrite = "sessions.write"
    case serviceAccountsRead = "service_accounts.read"
    case serviceAccountsWrite = "service_accounts.write"
    case applicationsRead = "applications.read"
    case applicationsWrite = "applications.write"
    /// What an application's back end gets its users' sessions by.
    case ticketsRedeem = "tickets.redeem"
    case providersRead = "providers.read"
    case providersWrite = "providers.write"
    case membershipRead = "membership.read"
    case membershipWrite = "membership.write"
    case signIn = "sign_in"
    /// What a token issuer asks of users; it sees of a profile what the schema gives to scopes.
    case claimsRead = "claims.read"
    case auditRead = "audit.read"
    case serverRead = "server.read"
    /// What a user does to authenticators and addresses of their own; a scope of this name grants nothing beyond asking.
    case authenticatorsOwn = "authenticators.own"

    /// What methods declare that anybody may call; no scope is needed and none grants it.
    package static let `public` = "public"

    /// The part before the dot; a scope `area.*` grants all of an area.
    var area: Substring { rawValue.prefix { $0 != "." } }
}
