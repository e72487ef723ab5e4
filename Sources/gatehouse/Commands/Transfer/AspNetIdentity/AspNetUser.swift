internal import Foundation
internal import Wire

/// A user as ASP.NET Core Identity keeps one, with the rows of its other tables.
struct AspNetUser: Sendable {
    /// A claim about the user.
    struct Claim: Sendable, Equatable {
        let type: String
        let value: String
    }

    /// The user at a provider.
    struct Login: Sendable, Equatable {
        let provider: String
        let key: String
    }

    /// How long signing in is locked.
    enum Lockout: Sendable, Equatable {
        case until(WireTimestamp)
        /// To the end of time, as administrators lock people out for good.
        case forever
    }

    var id: String
    var userName = ""
    var email = ""
    var isEmailConfirmed = false
    var phoneNumber = ""
    var isPhoneNumberConfirmed = false
    var passwordHash = ""
    var lockout: Lockout?
    var isTwoFactorEnabled = false
    /// Names of roles.
    var roles: [String] = []
    var claims: [Claim] = []
    var logins: [Login] = []
    /// In base 32.
    var authenticatorKey = ""
    var hasRecoveryCodes = false

    init(id: String) {
        self.id = id
    }
}

/// Where the tables of ASP.NET Core Identity are read from.
protocol AspNetTables {
    /// The names of all roles.
    func roleNames() async throws -> [String]

    /// The next users, some hundred of them; none at the end.
    mutating func page() async throws -> [AspNetUser]
}

extension AspNetUser {
    /// What `LockoutEnd` says: a time with or without a zone, which is UTC then; nil for none and for what has passed.
    static func lockout(_ text: String, now: Date) -> Lockout? {
        guard !text.isEmpty, text.first?.isNumber == true else { return nil }
        if text.hasPrefix("9999-") { return .forever }
        // 2026-01-31 08:00:00.1234567 +00:00 in any of its usual spellings.
        var rest = text.replacing("T", with: " ").split(separator: " ").map(String.init)
        guard rest.count >= 2 else { return nil }
        var time = rest[1]
        if let zone = time.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == "Z" }) {
            rest.insert(String(time[zone...]), at: 2)
            time = String(time[..<zone])
        }
        let whole = time.split(separator: ".")[0]
        let zone = rest.count > 2 ? rest[2] : "Z"
        let style = Date.ISO8601FormatStyle()
        guard let date = try? style.parse("\(rest[0])T\(whole)\(zone)"), date > now,
            let end = WireTimestamp(seconds: Int64(date.timeIntervalSince1970.rounded()))
        else { return nil }
        return .until(end)
    }
}
