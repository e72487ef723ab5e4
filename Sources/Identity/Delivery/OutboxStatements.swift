import MariaDB

/// Adds a message that is due at once.
struct InsertMessage: Statement {
    static let sql: SQL = """
        INSERT INTO outbox (id, kind, user_id, state, payload, attempts, next_attempt_at, expires_at, created_at)
        VALUES (?, ?, ?, 1, ?, 0, ?, ?, ?)
        """

    let id: MessageID
    let kind: MessageKind
    let userID: UserID?
    let payload: [UInt8]
    let expiresAt: Timestamp
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(id.bytes)
        parameters.append(kind.rawValue)
        parameters.append(userID?.bytes)
        parameters.append(payload)
        parameters.append(now)
        parameters.append(expiresAt)
        parameters.append(now)
    }
}

/// Locks messages that are due, passing over those that another worker is just claiming.
struct SelectDueMessages: Statement {
    static let sql: SQL = """
        SELECT id, kind, payload, attempts, expires_at, created_at FROM outbox
        WHERE state = 1 AND next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ? FOR UPDATE SKIP LOCKED
        """

    let now: Timestamp
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ClaimedMessage {
        guard let id = MessageID(bytes: try columns.next([UInt8].self)) else {
            throw columns.mismatch(at: 0, wanted: "message id")
        }
        return ClaimedMessage(
            id: id,
            kind: try columns.next(UInt8.self),
            payload: try columns.next([UInt8].self),
            attempts: try columns.next(UInt32.self),
            expiresAt: try columns.next(Timestamp.self),
            createdAt: try columns.next(Timestamp.self)
        )
    }
}

/// Takes a due message for a while; the number of attempts tells this claim from any later one.
struct ClaimMessage: Statement {
    static let sql: SQL = """
        UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ? AND state = 1 AND attempts = ?
        """

    let id: MessageID
    let attempts: UInt32
    let until: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(until)
        parameters.append(id.bytes)
        parameters.append(attempts)
    }
}

/// Puts a message into a final state and empties it, if the claim still holds.
struct FinishMessage: Statement {
    static let sql: SQL = """
        UPDATE outbox SET state = ?, payload = '', finished_at = ?, last_error = ?
        WHERE id = ? AND state = 1 AND attempts = ?
        """

    let id: MessageID
    let attempts: UInt32
    let state: OutboxState
    let error: String
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(state.rawValue)
        parameters.append(now)
        parameters.append(error)
        parameters.append(id.bytes)
        parameters.append(attempts)
    }
}

/// Gives a message back for a later attempt, if the claim still holds.
struct PostponeMessage: Statement {
    static let sql: SQL = """
        UPDATE outbox SET next_attempt_at = ?, last_error = ? WHERE id = ? AND state = 1 AND attempts = ?
        """

    let id: MessageID
    let attempts: UInt32
    let until: Timestamp
    let error: String

    func bind(to parameters: inout Parameters) {
        parameters.append(until)
        parameters.append(error)
        parameters.append(id.bytes)
        parameters.append(attempts)
    }
}

/// The message that is due first, or was; for the next look and for the age of the queue.
struct NextDue: Statement {
    static let sql: SQL = """
        SELECT created_at, next_attempt_at FROM outbox WHERE state = 1 ORDER BY next_attempt_at LIMIT 1
        """

    /// Its times.
    struct Row: Sendable {
        let createdAt: Timestamp
        let dueAt: Timestamp
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(createdAt: try columns.next(Timestamp.self), dueAt: try columns.next(Timestamp.self))
    }
}
