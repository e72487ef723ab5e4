import MariaDB

/// Adds one event; rows are never changed.
struct InsertAuditEvent: Statement {
    static let sql: SQL = """
        INSERT INTO audit_events (id, occurred_at, kind, outcome, reason, actor_kind, actor_id, via_service_account_id,
            subject_user_id, subject_id, session_id, source_address, request_id, details)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let id: EventID
    let occurredAt: Timestamp
    let event: AuditEvent
    let actor: AuditActor
    let sourceAddress: String?
    let requestID: String

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(occurredAt)
        parameters.append(event.kind.rawValue)
        parameters.append(event.outcome.rawValue)
        parameters.append(event.reason?.rawValue ?? "")
        parameters.append(actor.kind)
        parameters.append(actor.id)
        parameters.append(actor.via)
        parameters.append(event.subjectUser)
        parameters.append(event.subjectID)
        parameters.append(event.session ?? actor.session)
        parameters.append(sourceAddress)
        parameters.append(requestID)
        parameters.append(event.details.isEmpty ? nil : SQLJSON(JSONText.object(event.details)))
    }
}
