import MariaDB

/// A page of the trail by number.
struct ListEventsBySequence: Statement {
    static let select: SQL = "SELECT s.sequence, s.sealed_at, s.digest, " + AuditRecord.columns
    private static let from: SQL = """
        FROM audit_seals s STRAIGHT_JOIN audit_events e ON e.id = s.event_id WHERE s.sequence >= ? AND s.sequence <= ?
        """
    static let sql: SQL = select + from + " ORDER BY s.sequence LIMIT ?"
    static let backwards: SQL = select + from + " ORDER BY s.sequence DESC LIMIT ?"

    let first: UInt64
    let last: UInt64
    let newestFirst: Bool
    let limit: Int

    var preparedSQL: SQL { newestFirst ? Self.backwards : Self.sql }

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SealedEvent {
        try SealedEvent(from: &columns)
    }
}

/// A page of the sealed events of one subject, actor, kind or outcome, or of all, by time.
///
/// Begins behind `position`, and reads the index that the selector begins and the time goes on with.
struct ListEventsByTime: Statement {
    /// The time and id of the last event of the page before.
    struct Position: Sendable {
        let time: Timestamp
        let id: EventID
    }

    static let sql: SQL = text(by: "(audit_events_occurred_at)" + join, newestFirst: false)

    let selector: AuditFilter.Selector
    let from: Timestamp
    let until: Timestamp
    let after: Position?
    let newestFirst: Bool
    let limit: Int

    var preparedSQL: SQL { Self.text(by: condition, newestFirst: newestFirst) }

    /// The index, which the planner may not mix with another, and what it begins with.
    private var condition: SQL {
        switch selector {
        case .none: "(audit_events_occurred_at)" + Self.join
        case .subjectUser: "(audit_events_subject_time)" + Self.join + "e.subject_user_id = ? AND "
        case .actor: "(audit_events_actor)" + Self.join + "e.actor_id = ? AND "
        case .kind: "(audit_events_kind)" + Self.join + "e.kind = ? AND "
        case .outcome: "(audit_events_outcome)" + Self.join + "e.outcome = ? AND "
        }
    }

    private static let join: SQL = " STRAIGHT_JOIN audit_seals s ON s.event_id = e.id WHERE "

    private static func text(by condition: SQL, newestFirst: Bool) -> SQL {
        let start: SQL =
            ListEventsBySequence.select + "FROM audit_events e FORCE INDEX " + condition
        return newestFirst
            ? start + """
                e.occurred_at >= ? AND e.occurred_at <= ? AND (e.occurred_at < ? OR e.id < ?)
                ORDER BY e.occurred_at DESC, e.id DESC LIMIT ?
                """
            : start + """
                e.occurred_at >= ? AND e.occurred_at <= ? AND (e.occurred_at > ? OR e.id > ?)
                ORDER BY e.occurred_at, e.id LIMIT ?
                """
    }

    func bind(to parameters: inout Parameters) {
        switch selector {
        case .none: break
        case .subjectUser(let user): parameters.append(user)
        case .actor(let id): parameters.append(id)
        case .kind(let kind): parameters.append(kind.rawValue)
        case .outcome(let outcome): parameters.append(outcome.rawValue)
        }
        // The bounds take the position in, so that the index is entered there; what shares its time is told by the id.
        let lower = newestFirst ? from : after.map { max($0.time, from) } ?? from
        let upper = newestFirst ? after.map { min($0.time, until) } ?? until : until
        parameters.append(lower)
        parameters.append(upper)
        parameters.append(after?.time ?? (newestFirst ? Self.end : Self.beginning))
        parameters.append(after?.id ?? (newestFirst ? .greatest : .zero))
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SealedEvent {
        try SealedEvent(from: &columns)
    }

    /// Before and after every time that the database holds.
    static let beginning = Timestamp(microsecondsSinceEpoch: -30_000_000_000_000_000)
    static let end = Timestamp(microsecondsSinceEpoch: 253_370_764_800_000_000)
}

extension SealedEvent {
    init(from columns: inout Columns) throws(DatabaseError) {
        let (sequence, sealedAt, digest): (UInt64, Timestamp, [UInt8]) =
            (try columns.next(), try columns.next(), try columns.next())
        self.init(
            sequence: sequence,
            sealedAt: sealedAt,
            digest: digest,
            record: try AuditRecord(from: &columns)
        )
    }
}
