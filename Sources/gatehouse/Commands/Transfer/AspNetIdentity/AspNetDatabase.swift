internal import Foundation
internal import MariaDB

/// The tables in a MariaDB or MySQL database, read in pages in the order of the users' ids.
struct AspNetDatabase: AspNetTables {
    private let database: Database
    private var after = ""

    init(_ database: Database) {
        self.database = database
    }

    func roleNames() async throws -> [String] {
        try await database.read { try $0.all(ReadRoleNames()) }
    }

    mutating func page() async throws -> [AspNetUser] {
        let after = after
        let users = try await database.read(deadline: .after(.seconds(60))) { transaction -> [AspNetUser] in
            let users = try transaction.all(ReadUsers(after: after))
            guard let last = users.last?.id else { return [] }
            var byID = Dictionary(users.map { ($0.id, $0) }) { first, _ in first }
            for row in try transaction.all(ReadRoles(after: after, last: last)) {
                byID[row.user]?.roles.append(row.first)
            }
            for row in try transaction.all(ReadClaims(after: after, last: last)) {
                byID[row.user]?.claims.append(.init(type: row.first, value: row.second))
            }
            for row in try transaction.all(ReadLogins(after: after, last: last)) {
                byID[row.user]?.logins.append(.init(provider: row.first, key: row.second))
            }
            for row in try transaction.all(ReadTokens(after: after, last: last)) {
                byID[row.user]?.take(token: row.first, row.second)
            }
            return users.compactMap { byID[$0.id] }
        }
        if let last = users.last?.id { self.after = last }
        return users
    }
}

extension AspNetUser {
    /// What Identity itself keeps among the tokens; others are of no use elsewhere.
    mutating func take(token name: String, _ value: String) {
        switch name {
        case "AuthenticatorKey": authenticatorKey = value
        case "RecoveryCodes": hasRecoveryCodes = !value.isEmpty
        default: break
        }
    }
}

private struct ReadRoleNames: Statement {
    static let sql: SQL = "SELECT CONVERT(Name USING utf8mb4) FROM AspNetRoles WHERE Name IS NOT NULL ORDER BY Id"
    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}

/// Compared byte by byte, whatever the collation, so that every page begins where the one before ended.
private struct ReadUsers: Statement {
    static let sql: SQL = """
        SELECT CONVERT(Id USING utf8mb4), CONVERT(UserName USING utf8mb4), CONVERT(Email USING utf8mb4),
            CAST(EmailConfirmed AS UNSIGNED), CONVERT(PhoneNumber USING utf8mb4),
            CAST(PhoneNumberConfirmed AS UNSIGNED), CONVERT(PasswordHash USING utf8mb4), CAST(LockoutEnd AS CHAR),
            CAST(LockoutEnabled AS UNSIGNED), CAST(TwoFactorEnabled AS UNSIGNED)
        FROM AspNetUsers WHERE Id > ? ORDER BY Id LIMIT 500
        """
    let after: String

    func bind(to parameters: inout Parameters) { parameters.append(after) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> AspNetUser {
        var user = AspNetUser(id: try columns.next())
        user.userName = try columns.nextOptional() ?? ""
        user.email = try columns.nextOptional() ?? ""
        user.isEmailConfirmed = try columns.next(UInt64.self) != 0
        user.phoneNumber = try columns.nextOptional() ?? ""
        user.isPhoneNumberConfirmed = try columns.next(UInt64.self) != 0
        user.passwordHash = try columns.nextOptional() ?? ""
        let end = try columns.nextOptional(String.self) ?? ""
        if try columns.next(UInt64.self) != 0 { user.lockout = AspNetUser.lockout(end, now: Date()) }
        user.isTwoFactorEnabled = try columns.next(UInt64.self) != 0
        return user
    }
}

/// One or two texts that belong to a user.
private struct UserTexts: Sendable {
    let user: String
    let first: String
    var second = ""
}

private struct ReadRoles: Statement {
    static let sql: SQL = """
        SELECT CONVERT(u.UserId USING utf8mb4), CONVERT(r.Name USING utf8mb4) FROM AspNetUserRoles u
        JOIN AspNetRoles r ON r.Id = u.RoleId WHERE u.UserId > ? AND u.UserId <= ? AND r.Name IS NOT NULL
        """
    let after: String
    let last: String

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserTexts {
        UserTexts(user: try columns.next(), first: try columns.next())
    }
}

private struct ReadClaims: Statement {
    static let sql: SQL = """
        SELECT CONVERT(UserId USING utf8mb4), CONVERT(ClaimType USING utf8mb4), CONVERT(ClaimValue USING utf8mb4)
        FROM AspNetUserClaims WHERE UserId > ? AND UserId <= ? AND ClaimType IS NOT NULL ORDER BY Id
        """
    let after: String
    let last: String

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserTexts {
        UserTexts(user: try columns.next(), first: try columns.next(), second: try columns.nextOptional() ?? "")
    }
}

private struct ReadLogins: Statement {
    static let sql: SQL = """
        SELECT CONVERT(UserId USING utf8mb4), CONVERT(LoginProvider USING utf8mb4), CONVERT(ProviderKey USING utf8mb4)
        FROM AspNetUserLogins WHERE UserId > ? AND UserId <= ?
        """
    let after: String
    let last: String

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserTexts {
        UserTexts(user: try columns.next(), first: try columns.next(), second: try columns.next())
    }
}

private struct ReadTokens: Statement {
    static let sql: SQL = """
        SELECT CONVERT(UserId USING utf8mb4), CONVERT(Name USING utf8mb4), CONVERT(Value USING utf8mb4)
        FROM AspNetUserTokens WHERE UserId > ? AND UserId <= ? AND LoginProvider = '[AspNetUserStore]'
        """
    let after: String
    let last: String

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserTexts {
        UserTexts(user: try columns.next(), first: try columns.next(), second: try columns.nextOptional() ?? "")
    }
}
