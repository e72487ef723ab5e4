import MariaDB

/// A ticket as stored, without its text.
struct StoredTicket: Sendable {
    let id: TicketID
    let applicationID: ApplicationID
    let userID: UserID
    /// The person's own session.
    let sessionID: SessionID
    let returnAddress: [UInt8]
    let challenge: [UInt8]?
    let createdAt: Timestamp
    let expiresAt: Timestamp
    var redeemedAt: Timestamp?
    /// What the application got for it.
    var madeSessionID: SessionID?
}

/// Adds a ticket.
struct InsertTicket: Statement {
    static let sql: SQL = """
        INSERT INTO tickets (id, token_hash, application_id, user_id, session_id, return_address, challenge, created_at,
            expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let ticket: StoredTicket
    let hash: TokenHash

    func bind(to parameters: inout Parameters) {
        parameters.append(ticket.id)
        parameters.append(hash)
        parameters.append(ticket.applicationID)
        parameters.append(ticket.userID)
        parameters.append(ticket.sessionID)
        parameters.append(ticket.returnAddress)
        parameters.append(ticket.challenge)
        parameters.append(ticket.createdAt)
        parameters.append(ticket.expiresAt)
    }
}

/// A ticket by its text, locked until the transaction ends.
struct LockTicket: Statement {
    static let sql: SQL = """
        SELECT id, application_id, user_id, session_id, return_address, challenge, created_at, expires_at, redeemed_at,
            made_session_id
        FROM tickets WHERE token_hash = ? FOR UPDATE
        """
    let hash: TokenHash
    func bind(to parameters: inout Parameters) { parameters.append(hash) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredTicket {
        StoredTicket(
            id: try columns.next(),
            applicationID: try columns.next(),
            userID: try columns.next(),
            sessionID: try columns.next(),
            returnAddress: try columns.next(),
            challenge: try columns.nextOptional(),
            createdAt: try columns.next(),
            expiresAt: try columns.next(),
            redeemedAt: try columns.nextOptional(),
            madeSessionID: try columns.nextOptional()
        )
    }
}

/// Uses a ticket up, if nobody did.
struct ConsumeTicket: Statement {
    static let sql: SQL = "UPDATE tickets SET redeemed_at = ? WHERE id = ? AND redeemed_at IS NULL"

    let ticket: TicketID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(ticket)
    }
}

/// Notes what an application got for a ticket.
struct NoteTicketSession: Statement {
    static let sql: SQL = "UPDATE tickets SET made_session_id = ? WHERE id = ?"

    let ticket: TicketID
    let session: SessionID

    func bind(to parameters: inout Parameters) {
        parameters.append(session)
        parameters.append(ticket)
    }
}

/// How many sessions of an application came of one session.
struct CountDerivedSessions: Statement {
    static let sql: SQL = "SELECT COUNT(*) FROM sessions WHERE parent_id = ? AND application_id = ?"

    let parent: SessionID
    let application: ApplicationID

    func bind(to parameters: inout Parameters) {
        parameters.append(parent)
        parameters.append(application)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
}

/// Ends the oldest of them.
struct DeleteOldestDerivedSessions: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE parent_id = ? AND application_id = ? ORDER BY id LIMIT ?"

    let parent: SessionID
    let application: ApplicationID
    let count: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(parent)
        parameters.append(application)
        parameters.append(count)
    }
}

/// Ends the sessions of applications that came of a person's own session.
struct DeleteDerivedSessions: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE parent_id = ?"
    let parent: SessionID
    func bind(to parameters: inout Parameters) { parameters.append(parent) }
}

/// Puts sessions of applications under the session that took the place of the one they came of.
struct MoveDerivedSessions: Statement {
    static let sql: SQL = "UPDATE sessions SET parent_id = ? WHERE parent_id = ?"

    let from: SessionID
    let to: SessionID

    func bind(to parameters: inout Parameters) {
        parameters.append(to)
        parameters.append(from)
    }
}

/// Lets no session that came of another outlive it.
struct ShortenDerivedSessions: Statement {
    static let sql: SQL = """
        UPDATE sessions SET expires_at = LEAST(expires_at, ?), idle_expires_at = LEAST(idle_expires_at, ?)
        WHERE parent_id = ?
        """

    let parent: SessionID
    let end: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(end)
        parameters.append(end)
        parameters.append(parent)
    }
}
