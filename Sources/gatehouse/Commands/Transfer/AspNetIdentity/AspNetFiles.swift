internal import Foundation

/// The tables as CSV files of one directory, each with the names of its columns in the first line: `AspNetUsers.csv` and, where
/// they are there, those of roles, claims, logins and tokens, which are held in memory.
struct AspNetFiles: AspNetTables {
    private var users: TableReader
    private let names: [String]
    private var roles: [String: [String]] = [:]
    private var claims: [String: [AspNetUser.Claim]] = [:]
    private var logins: [String: [AspNetUser.Login]] = [:]
    private var tokens: [String: [(name: String, value: String)]] = [:]

    init(directory: String) throws {
        guard let users = try TableReader(directory, "AspNetUsers") else {
            throw CommandFailure("\(directory)/AspNetUsers.csv cannot be read.")
        }
        self.users = users
        var roleNames: [String: String] = [:]
        try TableReader.each(directory, "AspNetRoles") { roleNames[$0["Id"]] = $0["Name"] }
        names = roleNames.values.sorted()
        try TableReader.each(directory, "AspNetUserRoles") { row in
            guard let name = roleNames[row["RoleId"]] else {
                throw CommandFailure("AspNetUserRoles.csv names a role that AspNetRoles.csv does not have.")
            }
            roles[row["UserId"], default: []].append(name)
        }
        try TableReader.each(directory, "AspNetUserClaims") { row in
            claims[row["UserId"], default: []].append(.init(type: row["ClaimType"], value: row["ClaimValue"]))
        }
        try TableReader.each(directory, "AspNetUserLogins") { row in
            let login = AspNetUser.Login(provider: row["LoginProvider"], key: row["ProviderKey"])
            logins[row["UserId"], default: []].append(login)
        }
        try TableReader.each(directory, "AspNetUserTokens") { row in
            guard row["LoginProvider"] == "[AspNetUserStore]" else { return }
            tokens[row["UserId"], default: []].append((name: row["Name"], value: row["Value"]))
        }
    }

    func roleNames() async throws -> [String] { names }

    mutating func page() async throws -> [AspNetUser] {
        var page: [AspNetUser] = []
        while page.count < 500, let row = try users.next() {
            var user = AspNetUser(id: row["Id"])
            user.userName = row["UserName"]
            user.email = row["Email"]
            user.isEmailConfirmed = row.isTrue("EmailConfirmed")
            user.phoneNumber = row["PhoneNumber"]
            user.isPhoneNumberConfirmed = row.isTrue("PhoneNumberConfirmed")
            user.passwordHash = row["PasswordHash"]
            if row.isTrue("LockoutEnabled") { user.lockout = AspNetUser.lockout(row["LockoutEnd"], now: Date()) }
            user.isTwoFactorEnabled = row.isTrue("TwoFactorEnabled")
            user.roles = roles[user.id] ?? []
            user.claims = claims[user.id] ?? []
            user.logins = logins[user.id] ?? []
            for token in tokens[user.id] ?? [] { user.take(token: token.name, token.value) }
            page.append(user)
        }
        return page
    }
}

/// One table in a file: rows by the names of their columns.
private struct TableReader {
    /// Values by column; NULL, in the spellings of the usual programs, is empty.
    struct Row {
        let values: [String: String]

        subscript(name: String) -> String {
            let value = values[name.lowercased()] ?? ""
            return value == "NULL" || value == "\\N" ? "" : value
        }

        func isTrue(_ name: String) -> Bool { ["1", "true", "t", "yes"].contains(self[name].lowercased()) }
    }

    private var reader: CSVReader
    private let columns: [String]
    private let name: String

    /// Nil when there is no file.
    init?(_ directory: String, _ table: String) throws {
        guard let handle = FileHandle(forReadingAtPath: "\(directory)/\(table).csv") else { return nil }
        reader = CSVReader { Array(try handle.read(upToCount: 1 << 16) ?? Data()) }
        name = "\(table).csv"
        guard let header = try reader.next() else { throw CommandFailure("\(name) is empty.") }
        columns = header.fields.map { $0.lowercased() }
    }

    static func each(_ directory: String, _ table: String, _ take: (Row) throws -> Void) throws {
        guard var reader = try TableReader(directory, table) else { return }
        while let row = try reader.next() { try take(row) }
    }

    mutating func next() throws -> Row? {
        guard let record = try reader.next() else { return nil }
        if let problem = record.problem { throw CommandFailure("Line \(record.line) of \(name) \(problem).") }
        guard record.fields.count == columns.count else {
            throw CommandFailure(
                "Line \(record.line) of \(name) has \(record.fields.count) fields, the first one \(columns.count)."
            )
        }
        return Row(values: Dictionary(zip(columns, record.fields)) { first, _ in first })
    }
}
