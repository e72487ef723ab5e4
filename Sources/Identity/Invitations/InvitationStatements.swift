import MariaDB

/// An invitation with what only the server looks at.
struct InvitationRow: Sendable {
    let invitation: Invitation
    let canonical: [UInt8]
    let languages: String

    /// The columns that `init(from:)` reads, of `invitations v`.
    static let select: SQL = """
        SELECT v.id, v.email, v.canonical, v.external_id, v.languages, v.inviter_kind, v.inviter_id, v.user_id,
            v.revision, v.created_at, v.sent_at, v.expires_at, v.accepted_at, v.revoked_at FROM invitations v

        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let id = try columns.next(InvitationID.self)
        let email = try columns.next(String.self)
        canonical = try columns.next()
        let externalID = try columns.nextOptional(ExternalID.self)
        languages = try columns.next()
        invitation = Invitation(
            id: id,
            email: email,
            externalID: externalID?.text,
            inviter: StateChange.Actor(rawValue: try columns.next(UInt8.self)) ?? .server,
            inviterID: try columns.nextOptional(),
            userID: try columns.nextOptional(),
            revision: try columns.next(),
            createdAt: try columns.next(),
            sentAt: try columns.next(),
            expiresAt: try columns.next(),
            acceptedAt: try columns.nextOptional(),
            revokedAt: try columns.nextOptional()
        )
    }
}

/// Adds an invitation.
struct InsertInvitation: Statement {
    static let sql: SQL = """
        INSERT INTO invitations (id, token_hash, email, canonical, external_id, languages, inviter_kind, inviter_id,
            revision, created_at, sent_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
        """

    let id: InvitationID
    let token: TokenHash
    let address: EmailAddress
    let externalID: ExternalID?
    let languages: String
    let inviter: AuditActor
    let now: Timestamp
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(token)
        parameters.append(address.value)
        parameters.append(address.canonical)
        parameters.append(externalID)
        parameters.append(languages)
        parameters.append(inviter.kind)
        parameters.append(inviter.id)
        parameters.append(now)
        parameters.append(now)
        parameters.append(expiresAt)
    }
}

/// A page of invitations in the order of their making.
struct ListInvitations: Statement {
    static let sql: SQL = InvitationRow.select + "WHERE v.id > ? ORDER BY v.id LIMIT ?"

    let after: InvitationID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// An invitation by id.
struct InvitationByID: Statement {
    static let sql: SQL = InvitationRow.select + "WHERE v.id = ?"
    let id: InvitationID
    func bind(to parameters: inout Parameters) { parameters.append(id) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// An invitation by id, locked until the transaction ends.
struct LockInvitation: Statement {
    static let sql: SQL = InvitationRow.select + "WHERE v.id = ? FOR UPDATE"
    let id: InvitationID
    func bind(to parameters: inout Parameters) { parameters.append(id) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// The invitation of a link.
struct InvitationByToken: Statement {
    static let sql: SQL = InvitationRow.select + "WHERE v.token_hash = ?"
    let token: TokenHash
    func bind(to parameters: inout Parameters) { parameters.append(token) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// The open invitation to an address.
struct OpenInvitation: Statement {
    static let sql: SQL =
        InvitationRow.select + """
            WHERE v.canonical = ? AND v.accepted_at IS NULL AND v.revoked_at IS NULL AND v.expires_at > ? LIMIT 1
            """

    let canonical: [UInt8]
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(canonical)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// Takes an invitation back; changes no row when it is over.
struct RevokeInvitation: Statement {
    static let sql: SQL = """
        UPDATE invitations SET revoked_at = ?, revision = revision + 1
        WHERE id = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """

    let id: InvitationID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(id)
        parameters.append(now)
    }
}

/// Takes the open invitations to an address back.
struct RevokeInvitationsTo: Statement {
    static let sql: SQL = """
        UPDATE invitations SET revoked_at = ?, revision = revision + 1
        WHERE canonical = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """

    let canonical: [UInt8]
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(canonical)
        parameters.append(now)
    }
}

/// Gives an invitation a new secret; the one before is void.
struct RenewInvitation: Statement {
    static let sql: SQL = """
        UPDATE invitations SET token_hash = ?, sent_at = ?, expires_at = ?, revision = revision + 1
        WHERE id = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """

    let id: InvitationID
    let token: TokenHash
    let now: Timestamp
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(token)
        parameters.append(now)
        parameters.append(expiresAt)
        parameters.append(id)
        parameters.append(now)
    }
}

/// Uses an invitation up; changes no row when somebody did, or it is over.
struct AcceptInvitation: Statement {
    static let sql: SQL = """
        UPDATE invitations SET accepted_at = ?, user_id = ?, revision = revision + 1
        WHERE id = ? AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ?
        """

    let id: InvitationID
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(user)
        parameters.append(id)
        parameters.append(now)
    }
}

/// Forgets the invitations to any address of a user, whatever became of them.
struct DeleteInvitationsToUser: Statement {
    static let sql: SQL = """
        DELETE v FROM user_identifiers i JOIN invitations v ON v.canonical = i.canonical
        WHERE i.user_id = ? AND i.kind = 1
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}
