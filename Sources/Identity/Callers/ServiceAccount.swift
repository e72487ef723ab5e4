package import MariaDB

/// A program that calls, with scopes of its own.
package struct ServiceAccount: Sendable, Hashable, Codable {
    package let id: ServiceAccountID
    /// Unique; 1 to 200 characters, trimmed.
    package var name: String
    package var description: String
    package var scopes: ScopeSet
    package var isDisabled: Bool
    /// Subject alternative names (URI or DNS) of client certificates that stand for it.
    package var certificateNames: [String]
    package var tokens: [ServiceToken]
    package var revision: UInt64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
}

/// What is known of a bearer token; the token itself was shown once.
package struct ServiceToken: Sendable, Hashable, Codable {
    package let id: ServiceTokenID
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    /// Accurate to a minute; nil: never used.
    package var lastUsedAt: Timestamp?
}

/// What to write of a service account; a field that is nil stays as it is.
package struct ServiceAccountChanges: Sendable {
    package var name: String?
    package var description: String?
    package var scopes: [String]?
    package var isDisabled: Bool?
    package var certificateNames: [String]?

    package init(
        name: String? = nil,
        description: String? = nil,
        scopes: [String]? = nil,
        isDisabled: Bool? = nil,
        certificateNames: [String]? = nil
    ) {
        self.name = name
        self.description = description
        self.scopes = scopes
        self.isDisabled = isDisabled
        self.certificateNames = certificateNames
    }
}
