package import MariaDB

/// Whether a user can sign in.
///
/// Any state other than active ends sessions at once.
package enum UserState: UInt8, Sendable, Hashable, Codable, CaseIterable {
    case active = 1
    /// Disabled by a person, until enabled.
    case disabled = 2
    /// Locked until `User.lockedUntil`.
    case locked = 3
    /// Deleted, with an undo window until `User.deleteAfter`.
    case pendingDeletion = 4

    /// Whether it lets anybody in at a time: a lock that ran out is no lock.
    func letsIn(lockedUntil: Timestamp?, at now: Timestamp) -> Bool {
        switch self {
        case .active: true
        case .locked: lockedUntil.map { $0 <= now } ?? false
        case .disabled, .pendingDeletion: false
        }
    }
}

/// A kind of name by which a user is known.
package enum IdentifierKind: UInt8, Sendable, Hashable, Codable, CaseIterable {
    case email = 1
    case phone = 2
    case username = 3
}

/// Who put a user into a state, and when.
package struct StateChange: Sendable, Hashable, Codable {
    /// Kinds of actors; raw values are stored, the same as those of the audit trail.
    package enum Actor: UInt8, Sendable, Hashable, Codable {
        case serviceAccount = 1
        case user = 2
        case server = 3
    }

    package let actor: Actor
    /// The 16 bytes of the id of the service account or user.
    package let actorID: [UInt8]?
    package let changedAt: Timestamp

    package init(actor: Actor, actorID: [UInt8]?, changedAt: Timestamp) {
        self.actor = actor
        self.actorID = actorID
        self.changedAt = changedAt
    }
}

/// A person who can sign in.
package struct User: Sendable, Hashable, Codable {
    package let id: UserID
    package var state: UserState
    package var stateReason: String
    /// Who put the user into this state; nil while nobody did.
    package var stateChange: StateChange?
    package var lockedUntil: Timestamp?
    package var deleteAfter: Timestamp?
    package var externalID: String?
    package var identifiers: [UserIdentifier]
    package var revision: UInt64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// This user as of `now`: a lock that ran out is no lock.
    package func effective(at now: Timestamp) -> User {
        guard state == .locked, let lockedUntil, lockedUntil <= now else { return self }
        var user = self
        user.state = .active
        user.stateReason = ""
        user.stateChange = nil
        user.lockedUntil = nil
        return user
    }
}

/// An e-mail address, phone number or user name of a user.
package struct UserIdentifier: Sendable, Hashable, Codable {
    package let id: IdentifierID
    package let kind: IdentifierKind
    /// As it was written when it was added; mail goes here.
    package let value: String
    /// Set by a verification flow only.
    package var verifiedAt: Timestamp?
    package var isPrimary: Bool
}
