import Cryptography
import MariaDB

/// The last seal of the trail.
struct ReadAuditHead: Statement {
    struct Row: Sendable {
        let head: AuditHead
        let sealedAt: Timestamp
    }

    static let sql: SQL = """
        SELECT sequence, digest, sealed_at FROM audit_seals WHERE sequence > 0 ORDER BY sequence DESC LIMIT 1
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let head = AuditHead(sequence: try columns.next(), digest: try columns.next())
        return Row(head: head, sealedAt: try columns.next())
    }
}

/// Whether any event waits for its seal.
struct ReadWhetherUnsealed: Statement {
    static let sql: SQL = "SELECT 1 FROM audit_events e WHERE e.unsealed = 1 LIMIT 1"

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
}

/// Events that were committed and not sealed, oldest id first.
///
/// An event that has a seal is left out whatever its mark says: none is ever sealed twice.
struct ListUnsealedEvents: Statement {
    static let sql: SQL =
        "SELECT " + AuditRecord.columns + """
            FROM audit_events e WHERE e.unsealed = 1
            AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.event_id = e.id) ORDER BY e.id LIMIT ?
            """

    let limit: Int

    func bind(to parameters: inout Parameters) { parameters.append(limit) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> AuditRecord {
        try AuditRecord(from: &columns)
    }
}

/// What seals one event.
struct AuditSeal: Sendable {
    let head: AuditHead
    let event: [UInt8]
    let code: AuthenticationCode
}

/// Seals a batch: one statement for all, so that its lock on the end of the trail is short.
struct InsertAuditSeals: Statement {
    static let sql: SQL = """
        INSERT INTO audit_seals (sequence, event_id, sealed_at, digest, key_id, code)
        SELECT j.sequence, UNHEX(j.event), ?, UNHEX(j.digest), ?, UNHEX(j.code)
        FROM JSON_TABLE(?, '$[*]' COLUMNS (sequence BIGINT UNSIGNED PATH '$[0]', event CHAR(32) PATH '$[1]',
            digest CHAR(64) PATH '$[2]', code CHAR(64) PATH '$[3]')) j
        """

    let sealedAt: Timestamp
    let keyID: UInt32
    let seals: [AuditSeal]

    func bind(to parameters: inout Parameters) {
        parameters.append(sealedAt)
        parameters.append(keyID)
        let rows = seals.map { seal in
            let hex = [seal.event, seal.head.digest, seal.code.bytes].map { "\"\(Hex.encode($0))\"" }
            return "[\(seal.head.sequence),\(hex.joined(separator: ","))]"
        }
        parameters.append(SQLJSON("[\(rows.joined(separator: ","))]"))
    }
}

/// Takes the mark off the events of a batch.
///
/// By their ids in any case: a look through all events would wait for those that are not committed yet.
struct MarkEventsSealed: Statement {
    static let sql: SQL = """
        UPDATE audit_seals s STRAIGHT_JOIN audit_events e FORCE INDEX (PRIMARY) ON e.id = s.event_id
        SET e.unsealed = NULL WHERE s.sequence >= ? AND s.sequence <= ?
        """

    let first: UInt64
    let last: UInt64

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
    }
}

/// Seals with what they seal, in order; for the verifier, so the event is absent when its row is gone.
struct ListSealsToVerify: Statement {
    struct Row: Sendable {
        let sequence: UInt64
        let sealedAt: Timestamp
        let digest: [UInt8]
        let code: AuthenticationCode
        let record: AuditRecord?
    }

    static let sql: SQL =
        "SELECT s.sequence, s.sealed_at, s.digest, s.key_id, s.code, e.id IS NOT NULL, " + AuditRecord.columns + """
            FROM audit_seals s LEFT JOIN audit_events e ON e.id = s.event_id
            WHERE s.sequence > ? ORDER BY s.sequence LIMIT ?
            """

    let after: UInt64
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let (sequence, sealedAt, digest): (UInt64, Timestamp, [UInt8]) =
            (try columns.next(), try columns.next(), try columns.next())
        let code = AuthenticationCode(keyID: try columns.next(), bytes: try columns.next())
        let isThere: Bool = try columns.next()
        return Row(
            sequence: sequence,
            sealedAt: sealedAt,
            digest: digest,
            code: code,
            record: isThere ? try AuditRecord(from: &columns) : nil
        )
    }
}
