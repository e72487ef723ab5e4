package import MariaDB

/// A program on another domain to which the site hands sign-ins over (PRODUCT section 7).
package struct Application: Sendable, Hashable, Codable {
    package let id: ApplicationID
    /// Unique; people see it when they are led there.
    package var name: String
    /// Who redeems its tickets and uses its sessions; nil: nobody, and nothing is handed over.
    package var serviceAccountID: ServiceAccountID?
    /// Where a sign-in may lead, byte by byte.
    package var returnAddresses: [String]
    /// Where signing out may lead, byte by byte.
    package var signedOutAddresses: [String]
    /// The scopes whose claims it gets with a sign-in.
    package var claimScopes: [String]
    /// What its sign-ins must reach.
    package var demand: AssuranceDemand
    /// Whether sign-ins may come without a challenge, so that a ticket alone is enough.
    package var allowsMissingChallenge: Bool
    package var isDisabled: Bool
    package var revision: UInt64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
}

/// What to write of an application; a field that is nil stays as it is.
package struct ApplicationChanges: Sendable {
    /// Who redeems from now on.
    package enum Redeemer: Sendable, Hashable {
        case nobody
        case account(ServiceAccountID)
    }

    package var name: String?
    package var redeemer: Redeemer?
    package var returnAddresses: [String]?
    package var signedOutAddresses: [String]?
    package var claimScopes: [String]?
    package var demand: AssuranceDemand?
    package var allowsMissingChallenge: Bool?
    package var isDisabled: Bool?

    package init() {}
}
