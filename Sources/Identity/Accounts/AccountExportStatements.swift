import MariaDB

/// The names of a user, and when each was added.
struct ExportIdentifiers: Statement {
    static let sql: SQL = """
        SELECT id, kind, value, verified_at, is_primary, created_at FROM user_identifiers WHERE user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(
        from columns: inout Columns
    ) throws(DatabaseError) -> (identifier: UserIdentifier, createdAt: Timestamp) {
        let identifier = UserIdentifier(
            id: try columns.next(),
            kind: try columns.next(),
            value: try columns.next(),
            verifiedAt: try columns.nextOptional(),
            isPrimary: try columns.next()
        )
        return (identifier: identifier, createdAt: try columns.next())
    }
}

/// The sessions of a user, oldest first, without their tokens.
struct ExportSessions: Statement {
    struct Row: Sendable {
        let createdAt: Timestamp
        let lastUsedAt: Timestamp
        let authenticatedAt: Timestamp
        let expiresAt: Timestamp
        let methods: String
        let userAgent: String
        let sourceAddress: String?
        let application: String?
    }

    static let sql: SQL = """
        SELECT s.created_at, s.last_used_at, s.authenticated_at, s.expires_at, s.methods, s.user_agent, s.source_address,
            a.name
        FROM sessions s LEFT JOIN applications a ON a.id = s.application_id WHERE s.user_id = ? ORDER BY s.id
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            createdAt: try columns.next(),
            lastUsedAt: try columns.next(),
            authenticatedAt: try columns.next(),
            expiresAt: try columns.next(),
            methods: try columns.next(),
            userAgent: try columns.next(),
            sourceAddress: try columns.nextOptional(),
            application: try columns.nextOptional()
        )
    }
}

/// The sign-ins of a user that went to applications lately.
struct ExportTickets: Statement {
    struct Row: Sendable {
        let application: String
        let issuedAt: Timestamp
        let redeemedAt: Timestamp?
    }

    static let sql: SQL = """
        SELECT a.name, t.created_at, t.redeemed_at FROM tickets t JOIN applications a ON a.id = t.application_id
        WHERE t.user_id = ? ORDER BY t.id
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(application: try columns.next(), issuedAt: try columns.next(), redeemedAt: try columns.nextOptional())
    }
}

/// The devices by which a user is recognised.
struct ExportDevices: Statement {
    struct Row: Sendable {
        let createdAt: Timestamp
        let lastUsedAt: Timestamp
        let rememberedUntil: Timestamp?
    }

    static let sql: SQL = "SELECT created_at, last_used_at, remembered_until FROM devices WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            createdAt: try columns.next(),
            lastUsedAt: try columns.next(),
            rememberedUntil: try columns.nextOptional()
        )
    }
}

/// The sign-ins of a user that are still kept.
struct ExportSignIns: Statement {
    struct Row: Sendable {
        let createdAt: Timestamp
        let identifier: String?
        let userAgent: String
        let sourceAddress: String?
    }

    static let sql: SQL = """
        SELECT created_at, identifier_value, user_agent, source_address FROM sign_in_flows WHERE user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            createdAt: try columns.next(),
            identifier: try columns.nextOptional(),
            userAgent: try columns.next(),
            sourceAddress: try columns.nextOptional()
        )
    }
}

/// The address that a user has yet to prove.
struct ReadClaims: Statement {
    static let sql: SQL = """
        SELECT id, user_id, kind, value, canonical, replaces_id, expires_at FROM identifier_claims WHERE user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredClaim {
        try LockClaim.row(from: &columns)
    }
}

/// The changes of addresses that a user can take back.
struct ExportUndos: Statement {
    struct Row: Sendable {
        let value: String?
        let changedAt: Timestamp
    }

    static let sql: SQL = "SELECT removed_value, changed_at FROM identifier_undos WHERE user_id = ? ORDER BY changed_at"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(value: try columns.nextOptional(), changedAt: try columns.next())
    }
}

/// The messages to a user that are still kept.
struct ExportMessages: Statement {
    struct Row: Sendable {
        let createdAt: Timestamp
        let finishedAt: Timestamp?
    }

    static let sql: SQL = "SELECT created_at, finished_at FROM outbox WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(createdAt: try columns.next(), finishedAt: try columns.nextOptional())
    }
}

/// The invitations that led to a user.
struct InvitationsOfUser: Statement {
    static let sql: SQL = InvitationRow.select + "WHERE v.user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InvitationRow {
        try InvitationRow(from: &columns)
    }
}

/// What the audit trail says about a user, newest first.
struct ExportEvents: Statement {
    struct Row: Sendable {
        let occurredAt: Timestamp
        let kind: String
        let outcome: UInt8
        let reason: String
        let actorKind: UInt8
        let actorID: [UInt8]?
        let sourceAddress: String?
    }

    static let sql: SQL = """
        SELECT occurred_at, kind, outcome, reason, actor_kind, actor_id, source_address FROM audit_events
        WHERE subject_user_id = ? ORDER BY occurred_at DESC, id DESC LIMIT ?
        """
    let user: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            occurredAt: try columns.next(),
            kind: try columns.next(),
            outcome: try columns.next(),
            reason: try columns.next(),
            actorKind: try columns.next(),
            actorID: try columns.nextOptional(),
            sourceAddress: try columns.nextOptional()
        )
    }
}
