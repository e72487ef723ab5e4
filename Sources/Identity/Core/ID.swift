/// A 16-byte identifier of one kind of resource; UUIDv7 (RFC 9562 section 5.7) when we make it.
///
/// The type parameter keeps the id of a user from being used as the id of a session.
package struct ID<Kind>: Sendable, Hashable {
    /// The 16 bytes, in network order, as stored.
    package let bytes: [UInt8]

    /// Takes exactly 16 bytes; nil otherwise.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Takes 16 bytes that this module made.
    init(exactly bytes: [UInt8]) {
        precondition(bytes.count == 16, "an id has 16 bytes")
        self.bytes = bytes
    }
}

/// Tags that tell the ids of different resources apart.
package enum IDKind {
    package enum User: Sendable {}
    package enum Identifier: Sendable {}
    package enum IdentifierClaim: Sendable {}
    package enum IdentifierUndo: Sendable {}
    package enum Invitation: Sendable {}
    package enum Session: Sendable {}
    package enum Device: Sendable {}
    package enum TOTPDevice: Sendable {}
    package enum Passkey: Sendable {}
    package enum RecoveryCode: Sendable {}
    package enum Flow: Sendable {}
    package enum ServiceAccount: Sendable {}
    package enum ServiceToken: Sendable {}
    package enum Application: Sendable {}
    package enum Ticket: Sendable {}
    package enum ExternalProvider: Sendable {}
    package enum ExternalLogin: Sendable {}
    package enum Role: Sendable {}
    package enum Group: Sendable {}
    package enum Message: Sendable {}
    package enum Event: Sendable {}
    package enum Node: Sendable {}
    package enum TextChange: Sendable {}
}

/// Id of a user.
package typealias UserID = ID<IDKind.User>
/// Id of one identifier (e-mail, phone, user name) of a user.
package typealias IdentifierID = ID<IDKind.Identifier>
/// Id of an address that waits for its code.
package typealias IdentifierClaimID = ID<IDKind.IdentifierClaim>
/// Id of a change of addresses that can be undone; not its secret.
package typealias IdentifierUndoID = ID<IDKind.IdentifierUndo>
/// Id of an invitation; not the secret of its link.
package typealias InvitationID = ID<IDKind.Invitation>
/// Id of a session; not its token.
package typealias SessionID = ID<IDKind.Session>
/// Id of a device that a user signed in with; not its token.
package typealias DeviceID = ID<IDKind.Device>
/// Id of an authenticator app.
package typealias TOTPDeviceID = ID<IDKind.TOTPDevice>
/// Id of a passkey; not its credential id.
package typealias PasskeyID = ID<IDKind.Passkey>
package typealias RecoveryCodeID = ID<IDKind.RecoveryCode>
/// Id of a provider that vouches for people.
package typealias ExternalProviderID = ID<IDKind.ExternalProvider>
/// Id of a login at a provider; not its subject.
package typealias ExternalLoginID = ID<IDKind.ExternalLogin>
/// Id of a sign-in flow; not its handle.
package typealias FlowID = ID<IDKind.Flow>
/// Id of a service account.
package typealias ServiceAccountID = ID<IDKind.ServiceAccount>
/// Id of a service token; not its secret.
package typealias ServiceTokenID = ID<IDKind.ServiceToken>
/// Id of an application that sign-ins are handed to.
package typealias ApplicationID = ID<IDKind.Application>
/// Id of a ticket; not its text.
package typealias TicketID = ID<IDKind.Ticket>
/// Id of a role.
package typealias RoleID = ID<IDKind.Role>
/// Id of a group.
package typealias GroupID = ID<IDKind.Group>
/// Id of a message in the outbox.
package typealias MessageID = ID<IDKind.Message>
/// Id of an audit event.
package typealias EventID = ID<IDKind.Event>
/// Id of one running process, for leases.
package typealias NodeID = ID<IDKind.Node>
/// Id of a change of the texts that a user is searched by.
package typealias TextChangeID = ID<IDKind.TextChange>
