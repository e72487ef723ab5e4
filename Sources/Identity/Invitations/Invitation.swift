package import MariaDB

/// An invitation of somebody who is no user yet.
///
/// The secret of its link is in the message alone: not even who invites can read it (SECURITY REC-07).
package struct Invitation: Sendable, Hashable {
    package enum State: Sendable, Hashable, CaseIterable {
        case open
        case accepted
        case revoked
        case expired
    }

    package let id: InvitationID
    /// As it was written.
    package let email: String
    /// The id under which an older system knew the person.
    package let externalID: String?
    /// Who invites.
    package let inviter: StateChange.Actor
    package let inviterID: [UInt8]?
    /// Who came of it, once it was accepted.
    package let userID: UserID?
    package let revision: UInt64
    package let createdAt: Timestamp
    /// When the message was written last.
    package let sentAt: Timestamp
    package let expiresAt: Timestamp
    package let acceptedAt: Timestamp?
    package let revokedAt: Timestamp?

    /// What it is at that time.
    package func state(at now: Timestamp) -> State {
        if acceptedAt != nil { return .accepted }
        if revokedAt != nil { return .revoked }
        return now < expiresAt ? .open : .expired
    }
}

/// An invitation to be made.
package struct NewInvitation: Sendable {
    package var email: String
    package var externalID: String?
    /// Days for which the link is good, 1 to 30; nil: as the policy says.
    package var lifetimeDays: UInt32?
    /// BCP 47 tags in order of preference, for the message.
    package var languages: String

    package init(email: String, externalID: String? = nil, lifetimeDays: UInt32? = nil, languages: String = "") {
        self.email = email
        self.externalID = externalID
        self.lifetimeDays = lifetimeDays
        self.languages = languages
    }
}
