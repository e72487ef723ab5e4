package import JSON

/// One thing that a token may say of its subject (OpenID Connect Core 1.0 section 5.1).
package struct Claim: Sendable, Hashable, Codable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

/// What a token issuer wants to know of a user.
package struct ClaimsRequest: Sendable {
    package var user: UserID
    /// The session that the token is issued for; without one nothing is said of how the person signed in.
    package var session: SessionID?
    /// Scopes of the token request; those that nothing is known of give nothing.
    package var scopes: [String]
    /// Claims by name, beside those of the scopes (OpenID Connect Core 1.0 section 5.5).
    package var names: [String]

    package init(user: UserID, session: SessionID? = nil, scopes: [String] = [], names: [String] = []) {
        self.user = user
        self.session = session
        self.scopes = scopes
        self.names = names
    }

    /// At most this many scopes, and this many names, in one request.
    static let maximumCount = 100
    /// At most this many roles, and this many groups, are put into a token.
    static let maximumNames = 1000

    /// Refuses what no scope and no claim is called (RFC 6749 section 3.3).
    func validate() throws(FlowError) {
        for (field, texts) in [("scopes", scopes), ("claims", names)] {
            guard texts.count <= Self.maximumCount else {
                throw .invalid(field, .fieldTooLong, "must be at most \(Self.maximumCount)")
            }
            for (index, text) in texts.enumerated() where !Self.isToken(text) {
                throw .invalid("\(field)[\(index)]", .fieldInvalid, "must be 1 to 100 visible ASCII characters")
            }
        }
    }

    private static func isToken(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    }
}

/// Whether tokens may be issued and kept for a user, and why not.
package enum Activity: Sendable, Hashable {
    case active
    case userUnknown
    case userDisabled
    case userLocked
    /// Deleted, within the undo window.
    case userDeleted
    /// Unknown, ended, of another user, or for repairing the account only.
    case sessionOver

    init(_ state: UserState) {
        self =
            switch state {
            case .active: .active
            case .disabled: .userDisabled
            case .locked: .userLocked
            case .pendingDeletion: .userDeleted
            }
    }
}
