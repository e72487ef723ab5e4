internal import Foundation
internal import JSON
internal import Wire

/// Makes records of users of ASP.NET Core Identity, counting what has no place here.
struct AspNetMapping {
    /// The claims that its own templates and the usual providers write, and the attributes that hold them here.
    static let usualClaims: [String: String] = {
        let soap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
        return [
            soap + "givenname": "given_name", soap + "surname": "family_name", soap + "name": "name",
            soap + "dateofbirth": "birthdate", soap + "gender": "gender", soap + "webpage": "website",
            soap + "locality": "address.locality", soap + "country": "address.country",
            soap + "postalcode": "address.postal_code", soap + "streetaddress": "address.street_address",
        ]
    }()

    private let attributes: [String: Attribute]
    private let claims: [String: String]
    /// The names of providers here by those there.
    private let providers: [String: String]
    /// Whether roles are in the records.
    private let withRoles: Bool
    /// What was left out, in words, and of how many users.
    private(set) var leftOut: [String: Int] = [:]

    /// `claims` beside the usual ones; a claim of any other type goes to the attribute of that name, if there is one.
    init(schema: ProfileSchema, claims: [String: String], providers: [String: String], withRoles: Bool) {
        attributes = Dictionary(schema.attributes.map { ($0.path, $0) }) { first, _ in first }
        self.claims = Self.usualClaims.merging(claims) { _, given in given }
        self.providers = providers
        self.withRoles = withRoles
    }

    mutating func record(_ user: AspNetUser) throws(RowFault) -> UserRecord {
        var record = UserRecord()
        record.externalID = user.id
        record.identifiers = identifiers(of: user)
        if !user.passwordHash.isEmpty { record.setPassword(user.passwordHash) }
        if user.isTwoFactorEnabled, !user.authenticatorKey.isEmpty { try record.addDevice(user.authenticatorKey) }
        switch user.lockout {
        case .until(let end):
            (record.state, record.lockedUntil) = (.locked, end)
            record.stateReason = "locked out before the import"
        case .forever: (record.state, record.stateReason) = (.disabled, "locked out for good before the import")
        case nil: break
        }
        if withRoles { record.roles = user.roles.map { MembershipRecord(name: $0) } }
        let profile = profile(of: user)
        if !profile.isEmpty { record.profileJson = UserColumns.object(profile).text }
        // They have 47 bits, and codes here 65; who has one makes new ones after signing in with his app.
        if user.hasRecoveryCodes { leftOut["recovery codes, which are too short here", default: 0] += 1 }
        record.externalLogins = logins(of: user)
        return record
    }

    /// The key at a provider is its subject; what it is called there is not kept.
    private mutating func logins(of user: AspNetUser) -> [ExternalLoginRecord] {
        for name in Set(user.logins.map(\.provider)).subtracting(providers.keys) {
            leftOut["external logins of \(name), for which no --provider was given", default: 0] += 1
        }
        return user.logins.compactMap { login in
            providers[login.provider].map { ExternalLoginRecord(provider: $0, subject: login.key) }
        }
    }

    /// A user name that is the e-mail address, as the usual registration page makes it, is no second name.
    private func identifiers(of user: AspNetUser) -> [IdentifierRecord] {
        var names: [IdentifierRecord] = []
        if !user.email.isEmpty {
            let isVerified = user.isEmailConfirmed
            names.append(IdentifierRecord(kind: .email, value: user.email, primary: true, verified: isVerified))
        }
        let isAddress = user.userName.lowercased() == user.email.lowercased()
        if !user.userName.isEmpty, !isAddress {
            let kind: IdentifierKind = user.userName.contains("@") ? .email : .username
            names.append(IdentifierRecord(kind: kind, value: user.userName))
        }
        if !user.phoneNumber.isEmpty {
            let isVerified = user.isPhoneNumberConfirmed
            names.append(IdentifierRecord(kind: .phone, value: user.phoneNumber, verified: isVerified))
        }
        return names
    }

    private mutating func profile(of user: AspNetUser) -> [String: JSONValue] {
        var lists: [String: [String]] = [:]
        var unknown: Set<String> = []
        for claim in user.claims where !claim.value.isEmpty {
            let path = claims[claim.type] ?? claim.type
            if let attribute = attributes[path], attribute.kind != .complex {
                lists[path, default: []].append(claim.value)
            } else {
                unknown.insert(claim.type)
            }
        }
        for type in unknown { leftOut["claims of type \(type), for which there is no attribute", default: 0] += 1 }
        var profile: [String: JSONValue] = [:]
        for (path, values) in lists {
            guard let attribute = attributes[path] else { continue }
            let found = values.map { UserColumns.one($0, attribute.kind) }
            if found.count > 1, !attribute.multi { leftOut["second claims for \(path)", default: 0] += 1 }
            let value = attribute.multi ? JSONValue.array(found) : found[0]
            UserColumns.set(value, at: path.split(separator: ".").map(String.init)[...], in: &profile)
        }
        return profile
    }
}
