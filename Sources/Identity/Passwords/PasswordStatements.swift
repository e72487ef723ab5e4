import Cryptography
import MariaDB

/// The password of a user.
struct ReadPassword: Statement {
    static let select: SQL = """
        SELECT record, pepper_key_id, normalization, is_long, changed_at, reset_demanded_at FROM passwords
        """

    static let sql: SQL = select + " WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredPassword {
        StoredPassword(
            hashed: try HashedPassword(from: &columns),
            isLong: try columns.next(),
            changedAt: try columns.next(),
            resetDemandedAt: try columns.nextOptional()
        )
    }
}

/// The password of a user, locked until the transaction ends.
struct LockPassword: Statement {
    static let sql: SQL = ReadPassword.select + " WHERE user_id = ? FOR UPDATE"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredPassword {
        try ReadPassword.row(from: &columns)
    }
}

/// Gives a user a password, in place of the one before.
struct PutPassword: Statement {
    static let sql: SQL = """
        INSERT INTO passwords (user_id, record, pepper_key_id, normalization, is_long, changed_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE record = VALUES(record), pepper_key_id = VALUES(pepper_key_id),
            normalization = VALUES(normalization), is_long = VALUES(is_long), changed_at = VALUES(changed_at),
            reset_demanded_at = NULL
        """

    let user: UserID
    let hashed: HashedPassword
    let isLong: Bool
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        hashed.append(to: &parameters)
        parameters.append(isLong)
        parameters.append(now)
    }
}

/// Writes the same password hashed anew, unless another one was set meanwhile (SECURITY PW-08).
struct RenewPassword: Statement {
    static let sql: SQL = """
        UPDATE passwords SET record = ?, pepper_key_id = ?, normalization = ?, is_long = ?
        WHERE user_id = ? AND record = ?
        """

    let user: UserID
    let before: HashedPassword
    let hashed: HashedPassword
    let isLong: Bool

    func bind(to parameters: inout Parameters) {
        hashed.append(to: &parameters)
        parameters.append(isLong)
        parameters.append(user)
        parameters.append(Array(before.record.text.utf8))
    }
}

/// Writes down whether a password is long enough to be alone, which shows when it is typed.
struct NotePasswordLength: Statement {
    static let sql: SQL = "UPDATE passwords SET is_long = ? WHERE user_id = ?"
    let user: UserID
    let isLong: Bool

    func bind(to parameters: inout Parameters) {
        parameters.append(isLong)
        parameters.append(user)
    }
}

/// A row when somebody ever signed in as a user or gave them a factor, a password that was removed included.
///
/// The audit trail knows it when no session, device or password is left.
struct AccountWasUsed: Statement {
    static let sql: SQL = """
        SELECT u.id FROM users u WHERE u.id = ? AND (
            EXISTS(SELECT 1 FROM user_identifiers i WHERE i.user_id = u.id AND i.verified_at IS NOT NULL)
            OR EXISTS(SELECT 1 FROM sessions s WHERE s.user_id = u.id)
            OR EXISTS(SELECT 1 FROM audit_events a WHERE a.subject_user_id = u.id
                AND a.kind IN ('session.created', 'authenticator.added', 'authenticator.removed')))
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}

/// Lets a password open nothing any more; no row when that was so before.
struct DemandPasswordReset: Statement {
    static let sql: SQL = "UPDATE passwords SET reset_demanded_at = ? WHERE user_id = ? AND reset_demanded_at IS NULL"
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(user)
    }
}

/// Removes the password of a user.
struct DeletePassword: Statement {
    static let sql: SQL = "DELETE FROM passwords WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// The latest former passwords of a user.
struct ListFormerPasswords: Statement {
    static let sql: SQL = """
        SELECT record, pepper_key_id, normalization FROM former_passwords WHERE user_id = ?
        ORDER BY changed_at DESC LIMIT ?
        """

    let user: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> HashedPassword {
        try HashedPassword(from: &columns)
    }
}

/// Keeps a password that is replaced.
struct InsertFormerPassword: Statement {
    static let sql: SQL = """
        INSERT INTO former_passwords (user_id, changed_at, record, pepper_key_id, normalization) VALUES (?, ?, ?, ?, ?)
        """

    let user: UserID
    let stored: StoredPassword

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(stored.changedAt)
        stored.hashed.append(to: &parameters)
    }
}

/// When the oldest former password that is still kept was set.
struct OldestKeptPassword: Statement {
    static let sql: SQL = """
        SELECT changed_at FROM former_passwords WHERE user_id = ? ORDER BY changed_at DESC LIMIT 1 OFFSET ?
        """

    let user: UserID
    let count: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(max(0, count - 1))
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Timestamp { try columns.next() }
}

/// Forgets the former passwords from before a time.
struct DeleteFormerPasswords: Statement {
    static let sql: SQL = "DELETE FROM former_passwords WHERE user_id = ? AND changed_at < ?"
    let user: UserID
    let before: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(before)
    }
}

/// The names of a user, which make a bad password.
struct NamesOfUser: Statement {
    static let sql: SQL = "SELECT value FROM user_identifiers WHERE user_id = ? LIMIT 50"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}
