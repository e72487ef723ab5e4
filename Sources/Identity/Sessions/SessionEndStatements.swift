import MariaDB

/// The oldest sessions of a user's own, locked until the transaction ends.
struct LockOldestSessions: Statement {
    static let sql: SQL = """
        SELECT id FROM sessions FORCE INDEX (sessions_user)
        WHERE user_id = ? AND application_id IS NULL ORDER BY id LIMIT ? FOR UPDATE
        """

    let user: UserID
    let count: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(count)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SessionID { try columns.next() }
}

/// Whose session it is, locked until the transaction ends.
struct SessionOwner: Statement {
    static let sql: SQL = "SELECT user_id FROM sessions WHERE id = ? FOR UPDATE"
    let session: SessionID
    func bind(to parameters: inout Parameters) { parameters.append(session) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}

/// Which session a token belongs to, locked until the transaction ends.
struct LockSessionByToken: Statement {
    struct Row: Sendable {
        let id: SessionID
        let user: UserID
    }

    static let sql: SQL = "SELECT id, user_id FROM sessions WHERE token_hash = ? FOR UPDATE"
    let hash: TokenHash
    func bind(to parameters: inout Parameters) { parameters.append(hash) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(id: try columns.next(), user: try columns.next())
    }
}

/// Ends one session.
struct DeleteSession: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE id = ?"
    let session: SessionID
    func bind(to parameters: inout Parameters) { parameters.append(session) }
}

/// Ends all sessions of a user but one.
struct DeleteOtherSessions: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE user_id = ? AND id <> ?"

    let user: UserID
    let kept: SessionID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(kept)
    }
}

/// Writes the last use of a session, unless a later one is written.
struct UpdateSessionUse: Statement {
    static let sql: SQL = """
        UPDATE sessions SET last_used_at = ?, idle_expires_at = ? WHERE id = ? AND last_used_at < ?
        """

    let session: SessionID
    let use: LastUses.SessionUse

    func bind(to parameters: inout Parameters) {
        parameters.append(use.usedAt)
        parameters.append(use.idleExpiresAt)
        parameters.append(session)
        parameters.append(use.usedAt)
    }
}
