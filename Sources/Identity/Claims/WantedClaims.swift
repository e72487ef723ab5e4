import JSON
import MariaDB

/// What a request asks for, by scope or by name.
struct WantedClaims: Sendable {
    private let scopes: Set<String>
    private let names: Set<String>

    init(_ request: ClaimsRequest) {
        scopes = Set(request.scopes)
        names = Set(request.names)
    }

    /// Whether a claim is asked for that any of `scopes` gives.
    func includes(_ name: String, of scopes: some Sequence<String>) -> Bool {
        names.contains(name) || includes(anyOf: scopes)
    }

    /// Whether any of these scopes is asked for.
    func includes(anyOf scopes: some Sequence<String>) -> Bool { scopes.contains(where: self.scopes.contains) }
}

/// The claims that are drawn from identifiers and the account itself (OpenID Connect Core 1.0 section 5.4).
struct UserClaims: Sendable {
    private let user: User
    private let profileUpdatedAt: Timestamp?

    init(_ user: User, profileUpdatedAt: Timestamp?) {
        self.user = user
        self.profileUpdatedAt = profileUpdatedAt
    }

    func claims(_ wanted: WantedClaims) -> [Claim] {
        var claims: [Claim] = []
        func add(_ name: String, _ scope: String, _ value: JSONValue?) {
            guard let value, wanted.includes(name, of: [scope]) else { return }
            claims.append(Claim(name, value))
        }
        let (email, phone) = (main(.email), main(.phone))
        add("email", "email", email.map { .string($0.value) })
        add("email_verified", "email", email.map { .bool($0.verifiedAt != nil) })
        add("phone_number", "phone", phone.map { .string($0.value) })
        add("phone_number_verified", "phone", phone.map { .bool($0.verifiedAt != nil) })
        add("preferred_username", "profile", main(.username).map { .string($0.value) })
        add("updated_at", "profile", .seconds(max(user.updatedAt, profileUpdatedAt ?? user.updatedAt)))
        return claims
    }

    /// The primary one of a kind; where none is, the first.
    private func main(_ kind: IdentifierKind) -> UserIdentifier? {
        let own = user.identifiers.filter { $0.kind == kind }
        return own.first(where: \.isPrimary) ?? own.first
    }
}

/// The claims that the profile's schema gives to scopes: whole values of outermost attributes, whatever their kind.
struct ProfileClaims: Sendable {
    let document: ProfileDocument
    let schema: ProfileSchema

    func claims(_ wanted: WantedClaims) -> [Claim] {
        schema.children(of: nil).compactMap { attribute in
            let code = attribute.path.root
            // A schema with a reserved code is refused; whatever wrote one, it shadows nothing (SECURITY ADM-10).
            guard !attribute.claimScopes.isEmpty, attribute.readers != .hidden,
                !StandardAttributes.reservedCodes.contains(code.lowercased()),
                wanted.includes(code, of: attribute.claimScopes)
            else { return nil }
            return document.values[code].map { Claim(code, $0) }
        }
    }
}
