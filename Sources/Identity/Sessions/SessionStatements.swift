import MariaDB

extension Session {
    /// The columns that `init(from:)` reads, of `sessions s`.
    static let select: SQL = """
        SELECT s.id, s.user_id, s.assurance_level, s.methods, s.proof_kind, s.is_restricted, s.source_address,
            s.user_agent, s.created_at, s.authenticated_at, s.last_used_at, s.idle_expires_at, s.expires_at,
            s.application_id
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        self.init(
            id: try columns.next(),
            userID: try columns.next(),
            level: try columns.next(),
            methods: try columns.next(String.self).split(separator: " ").map(String.init),
            provedKind: try columns.next(),
            isRestricted: try columns.next(),
            sourceAddress: try columns.nextOptional(),
            userAgent: try columns.next(),
            createdAt: try columns.next(),
            authenticatedAt: try columns.next(),
            lastUsedAt: try columns.next(),
            idleExpiresAt: try columns.next(),
            expiresAt: try columns.next(),
            applicationID: try columns.nextOptional()
        )
    }
}

/// A session by its token with the state of its user, coalesced with others: all that a validation reads.
enum SessionByToken: PointRead {
    struct Row: Sendable {
        let session: Session
        let state: UserState
        let lockedUntil: Timestamp?
    }

    static let selectIn: SQL =
        Session.select + """
            , u.state, u.locked_until, s.token_hash
            FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash IN
            """

    static func row(from columns: inout Columns) throws(DatabaseError) -> (TokenHash, Row) {
        let session = try Session(from: &columns)
        let state = try columns.next(UserState.self)
        let row = Row(session: session, state: state, lockedUntil: try columns.nextOptional(Timestamp.self))
        return (try columns.next(TokenHash.self), row)
    }
}

/// A session by its id, if it is this user's.
struct SessionOfUser: Statement {
    static let sql: SQL = Session.select + " FROM sessions s WHERE s.id = ? AND s.user_id = ?"

    let id: SessionID
    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Session { try Session(from: &columns) }
}

/// The live sessions of a user, newest first.
struct ListSessions: Statement {
    static let sql: SQL =
        Session.select + """
             FROM sessions s
            WHERE s.user_id = ? AND s.id < ? AND s.idle_expires_at > ? AND s.expires_at > ? ORDER BY s.id DESC LIMIT ?
            """

    let user: UserID
    let before: SessionID
    let now: Timestamp
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(before)
        parameters.append(now)
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Session { try Session(from: &columns) }
}

/// Adds a session.
struct InsertSession: Statement {
    static let sql: SQL = """
        INSERT INTO sessions (id, user_id, token_hash, assurance_level, methods, source_address, user_agent, created_at,
            authenticated_at, last_used_at, idle_expires_at, expires_at, device_id, proof_kind,
            is_restricted, application_id, parent_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let session: Session
    let tokenHash: TokenHash
    let device: DeviceID?
    /// The person's own session that it came of.
    var parent: SessionID?

    func bind(to parameters: inout Parameters) {
        parameters.append(session.id)
        parameters.append(session.userID)
        parameters.append(tokenHash)
        parameters.append(session.level)
        parameters.append(session.methods.joined(separator: " "))
        parameters.append(session.sourceAddress)
        parameters.append(session.userAgent)
        parameters.append(session.createdAt)
        parameters.append(session.authenticatedAt)
        parameters.append(session.lastUsedAt)
        parameters.append(session.idleExpiresAt)
        parameters.append(session.expiresAt)
        parameters.append(device)
        parameters.append(session.provedKind)
        parameters.append(session.isRestricted)
        parameters.append(session.applicationID)
        parameters.append(parent)
    }
}

/// A session, locked until the transaction ends.
struct LockSession: Statement {
    static let sql: SQL = Session.select + " FROM sessions s WHERE s.id = ? FOR UPDATE"
    let session: SessionID
    func bind(to parameters: inout Parameters) { parameters.append(session) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Session { try Session(from: &columns) }
}

/// Writes what a new proof of identity changed in a session, its token first of all.
struct UpdateConfirmedSession: Statement {
    static let sql: SQL = """
        UPDATE sessions SET token_hash = ?, assurance_level = ?, methods = ?, proof_kind = ?, authenticated_at = ?, last_used_at = ?,
            idle_expires_at = ?, expires_at = ?
        WHERE id = ?
        """

    let session: Session
    let tokenHash: TokenHash

    func bind(to parameters: inout Parameters) {
        parameters.append(tokenHash)
        parameters.append(session.level)
        parameters.append(session.methods.joined(separator: " "))
        parameters.append(session.provedKind)
        parameters.append(session.authenticatedAt)
        parameters.append(session.lastUsedAt)
        parameters.append(session.idleExpiresAt)
        parameters.append(session.expiresAt)
        parameters.append(session.id)
    }
}

/// Whether a user may have a session now, and how many he has, live or waiting for the purge.
///
/// Holds the user's row; the sessions are only looked at.
struct LockSessionOwner: Statement {
    static let sql: SQL = """
        SELECT u.state, u.locked_until, (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.application_id IS NULL)
        FROM users u WHERE u.id = ? FOR UPDATE
        """

    struct Row: Sendable {
        let state: UserState
        let lockedUntil: Timestamp?
        /// Sessions of the user's own, those of applications apart.
        let sessions: Int

        /// Whether the user's state lets anybody in at that time.
        func isActive(at now: Timestamp) -> Bool { state.letsIn(lockedUntil: lockedUntil, at: now) }
    }

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(state: try columns.next(), lockedUntil: try columns.nextOptional(), sessions: try columns.next())
    }
}
