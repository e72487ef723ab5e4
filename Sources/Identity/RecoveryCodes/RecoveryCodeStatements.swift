import Cryptography
import MariaDB

/// A recovery code that was not used.
struct StoredRecoveryCode: Sendable, Hashable {
    let id: RecoveryCodeID
    let lookup: UInt16
    let hashed: HashedPassword
}

/// The recovery codes of a user that were not used, sixteen at most.
struct ListRecoveryCodes: Statement {
    static let sql: SQL = "SELECT id, lookup, record, pepper_key_id FROM recovery_codes WHERE user_id = ? LIMIT 16"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredRecoveryCode {
        let (id, lookup) = (try columns.next(RecoveryCodeID.self), try columns.next(UInt16.self))
        let text = String(decoding: try columns.next([UInt8].self), as: UTF8.self)
        guard let record = try? PasswordRecord(text) else {
            throw columns.mismatch(at: 2, wanted: "a password record")
        }
        let hashed = HashedPassword(
            record: record,
            pepperKeyID: try columns.next(UInt32.self),
            normalization: RecoveryCode.normalization
        )
        return StoredRecoveryCode(id: id, lookup: lookup, hashed: hashed)
    }
}

/// How many recovery codes a user has left.
struct CountRecoveryCodes: Statement {
    static let sql: SQL = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
}

/// Adds a recovery code.
struct InsertRecoveryCode: Statement {
    static let sql: SQL = """
        INSERT INTO recovery_codes (id, user_id, lookup, record, pepper_key_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
        """

    let code: StoredRecoveryCode
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(code.id)
        parameters.append(user)
        parameters.append(code.lookup)
        parameters.append(Array(code.hashed.record.text.utf8))
        parameters.append(code.hashed.pepperKeyID)
        parameters.append(now)
    }
}

/// Uses a code up; no row when it was used (SECURITY RC-03).
struct UseRecoveryCode: Statement {
    static let sql: SQL = "DELETE FROM recovery_codes WHERE id = ?"
    let code: RecoveryCodeID
    func bind(to parameters: inout Parameters) { parameters.append(code) }
}

/// Voids all codes of a user.
struct DeleteRecoveryCodes: Statement {
    static let sql: SQL = "DELETE FROM recovery_codes WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}
