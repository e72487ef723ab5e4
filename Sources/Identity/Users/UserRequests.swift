/// A user to be made.
package struct NewUser: Sendable {
    /// Names of the user, none of which is proved; at most 20, and the first of a kind is its primary.
    package var identifiers: [NewIdentifier]
    /// The id under which an older system knew the user: 1 to 200 characters.
    package var externalID: String?

    package init(identifiers: [NewIdentifier], externalID: String? = nil) {
        self.identifiers = identifiers
        self.externalID = externalID
    }
}

/// A name to be given to a user.
package struct NewIdentifier: Sendable, Hashable {
    package var kind: IdentifierKind
    package var value: String

    package init(kind: IdentifierKind, value: String) {
        self.kind = kind
        self.value = value
    }
}

/// One name by which a user can be looked up.
package enum UserName: Sendable, Hashable {
    case email(String)
    case phone(String)
    case username(String)
    case externalID(String)
}

/// What to write; a field that is nil stays as it is.
package struct UserChanges: Sendable {
    /// `.some(nil)` removes it.
    package var externalID: String??

    package init(externalID: String?? = nil) {
        self.externalID = externalID
    }
}
