import Cryptography
import MariaDB

/// Writes the code of a flow and purpose; the one before is void, and its tries with it.
struct PutCode: Statement {
    static let sql: SQL = """
        INSERT INTO one_time_codes (flow_id, purpose, address_kind, address_canonical, key_id, code_hash, tries,
            sent_count, created_at, expires_at, resend_at, consumed_at)
        VALUES (?, ?, ?, ?, ?, ?, 0, 1, ?, ?, ?, NULL)
        ON DUPLICATE KEY UPDATE address_kind = VALUES(address_kind), address_canonical = VALUES(address_canonical),
            key_id = VALUES(key_id), code_hash = VALUES(code_hash), tries = 0, sent_count = sent_count + 1,
            created_at = VALUES(created_at), expires_at = VALUES(expires_at), resend_at = VALUES(resend_at),
            consumed_at = NULL
        """

    let code: StoredCode
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(code.binding.flowID.bytes)
        parameters.append(code.binding.purpose.rawValue)
        parameters.append(code.binding.addressKind.rawValue)
        parameters.append(code.binding.addressCanonical)
        parameters.append(code.authenticationCode.keyID)
        parameters.append(code.authenticationCode.bytes)
        parameters.append(now)
        parameters.append(code.expiresAt)
        parameters.append(code.resendAt)
    }
}

/// Uses up one try of a live code; changes no row when the code is dead, expired, used, or of another address.
struct TakeTry: Statement {
    static let sql: SQL = """
        UPDATE one_time_codes SET tries = tries + 1
        WHERE flow_id = ? AND purpose = ? AND address_kind = ? AND address_canonical = ?
            AND tries < ? AND expires_at > ? AND consumed_at IS NULL
        """

    let binding: CodeBinding
    let maximumTries: UInt8
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(binding.flowID.bytes)
        parameters.append(binding.purpose.rawValue)
        parameters.append(binding.addressKind.rawValue)
        parameters.append(binding.addressCanonical)
        parameters.append(maximumTries)
        parameters.append(now)
    }
}

/// Reads the code of a flow and purpose, live or not.
struct ReadCode: Statement {
    static let sql: SQL = """
        SELECT address_kind, address_canonical, key_id, code_hash, expires_at, resend_at, tries
        FROM one_time_codes WHERE flow_id = ? AND purpose = ?
        """

    /// The columns; the caller puts the binding together.
    struct Row: Sendable {
        let addressKind: IdentifierKind
        let addressCanonical: [UInt8]
        let authenticationCode: AuthenticationCode
        let expiresAt: Timestamp
        let resendAt: Timestamp
        let tries: UInt8
    }

    let flowID: FlowID
    let purpose: CodePurpose

    func bind(to parameters: inout Parameters) {
        parameters.append(flowID.bytes)
        parameters.append(purpose.rawValue)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let kind = columns.position
        guard let addressKind = IdentifierKind(rawValue: try columns.next(UInt8.self)) else {
            throw columns.mismatch(at: kind, wanted: "kind of identifier")
        }
        return Row(
            addressKind: addressKind,
            addressCanonical: try columns.next([UInt8].self),
            authenticationCode: AuthenticationCode(
                keyID: try columns.next(UInt32.self),
                bytes: try columns.next([UInt8].self)
            ),
            expiresAt: try columns.next(Timestamp.self),
            resendAt: try columns.next(Timestamp.self),
            tries: try columns.next(UInt8.self)
        )
    }
}

/// Marks a code as used; changes no row when it was used already.
struct ConsumeCode: Statement {
    static let sql: SQL = """
        UPDATE one_time_codes SET consumed_at = ? WHERE flow_id = ? AND purpose = ? AND consumed_at IS NULL
        """

    let flowID: FlowID
    let purpose: CodePurpose
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(flowID.bytes)
        parameters.append(purpose.rawValue)
    }
}

/// Removes all codes of a flow.
struct DeleteCodes: Statement {
    static let sql: SQL = "DELETE FROM one_time_codes WHERE flow_id = ?"

    let flowID: FlowID

    func bind(to parameters: inout Parameters) {
        parameters.append(flowID.bytes)
    }
}
