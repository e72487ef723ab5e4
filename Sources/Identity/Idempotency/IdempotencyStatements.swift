import MariaDB

/// Claims a key; a duplicate when another call claimed it, after waiting for that call's end.
struct ClaimIdempotencyKey: Statement {
    static let sql: SQL = """
        INSERT INTO idempotency_keys (key_hash, body_hash, answer, created_at, expires_at) VALUES (?, ?, '', ?, ?)
        """

    let keyHash: [UInt8]
    let bodyHash: [UInt8]
    let now: Timestamp
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(keyHash)
        parameters.append(bodyHash)
        parameters.append(now)
        parameters.append(expiresAt)
    }
}

/// Claims a key again whose answer is out of date.
struct ReclaimIdempotencyKey: Statement {
    static let sql: SQL = """
        UPDATE idempotency_keys SET body_hash = ?, answer = '', user_id = NULL, created_at = ?, expires_at = ?
        WHERE key_hash = ? AND expires_at <= ?
        """

    let claim: ClaimIdempotencyKey

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.bodyHash)
        parameters.append(claim.now)
        parameters.append(claim.expiresAt)
        parameters.append(claim.keyHash)
        parameters.append(claim.now)
    }
}

/// What was answered under a key.
///
/// No locking read: all who waited for a claim may read at once.
struct ReadIdempotencyKey: Statement {
    struct Row: Sendable {
        let bodyHash: [UInt8]
        let answer: [UInt8]
        let expiresAt: Timestamp
    }

    // Locked, so that no snapshot is taken before the change that follows takes its own locks.
    static let sql: SQL = """
        SELECT body_hash, answer, expires_at FROM idempotency_keys WHERE key_hash = ? LOCK IN SHARE MODE
        """

    let keyHash: [UInt8]

    func bind(to parameters: inout Parameters) { parameters.append(keyHash) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(bodyHash: try columns.next(), answer: try columns.next(), expiresAt: try columns.next())
    }
}

/// Keeps the answer of the call that claimed the key.
struct StoreIdempotencyAnswer: Statement {
    static let sql: SQL = "UPDATE idempotency_keys SET answer = ?, user_id = ? WHERE key_hash = ?"

    let keyHash: [UInt8]
    let answer: [UInt8]
    /// Whom the answer tells of, so that it can be forgotten with him.
    let user: UserID?

    func bind(to parameters: inout Parameters) {
        parameters.append(answer)
        parameters.append(user?.bytes)
        parameters.append(keyHash)
    }
}
