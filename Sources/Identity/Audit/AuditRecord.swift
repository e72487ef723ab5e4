package import MariaDB

/// One event of the audit trail as it is stored, word for word: what cannot be read as a known value is kept too, so
/// that every change of a row shows.
package struct AuditRecord: Sendable, Hashable {
    package var id: [UInt8]
    package var occurredAt: Timestamp
    package var kind: String
    /// 1 success, 2 failure, 3 denied.
    package var outcome: UInt8
    package var reason: String
    /// 0 nobody, 1 a service account, 2 a user, 3 the server.
    package var actorKind: UInt8
    package var actorID: [UInt8]?
    package var viaServiceAccount: [UInt8]?
    package var subjectUser: [UInt8]?
    package var subjectID: [UInt8]?
    package var session: [UInt8]?
    package var sourceAddress: String?
    package var requestID: String
    /// A JSON object of strings; nil for none.
    package var details: String?

    package init(
        id: [UInt8],
        occurredAt: Timestamp,
        kind: String,
        outcome: UInt8,
        reason: String,
        actorKind: UInt8,
        actorID: [UInt8]?,
        viaServiceAccount: [UInt8]?,
        subjectUser: [UInt8]?,
        subjectID: [UInt8]?,
        session: [UInt8]?,
        sourceAddress: String?,
        requestID: String,
        details: String?
    ) {
        self.id = id
        self.occurredAt = occurredAt
        self.kind = kind
        self.outcome = outcome
        self.reason = reason
        self.actorKind = actorKind
        self.actorID = actorID
        self.viaServiceAccount = viaServiceAccount
        self.subjectUser = subjectUser
        self.subjectID = subjectID
        self.session = session
        self.sourceAddress = sourceAddress
        self.requestID = requestID
        self.details = details
    }
}

extension AuditRecord {
    /// The columns of `audit_events e` that make a record.
    static let columns: SQL = """
        e.id, e.occurred_at, e.kind, e.outcome, e.reason, e.actor_kind, e.actor_id, e.via_service_account_id,
        e.subject_user_id, e.subject_id, e.session_id, e.source_address, e.request_id, e.details 
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        id = try columns.next()
        occurredAt = try columns.next()
        kind = try columns.next()
        outcome = try columns.next()
        reason = try columns.next()
        actorKind = try columns.next()
        actorID = try columns.nextOptional()
        viaServiceAccount = try columns.nextOptional()
        subjectUser = try columns.nextOptional()
        subjectID = try columns.nextOptional()
        session = try columns.nextOptional()
        sourceAddress = try columns.nextOptional()
        requestID = try columns.next()
        details = try columns.nextOptional()
    }
}

/// An event with its place in the trail.
package struct SealedEvent: Sendable, Hashable {
    /// From 1, without gaps.
    package var sequence: UInt64
    package var sealedAt: Timestamp
    /// Over the digest before it and the event.
    package var digest: [UInt8]
    package var record: AuditRecord

    package init(sequence: UInt64, sealedAt: Timestamp, digest: [UInt8], record: AuditRecord) {
        self.sequence = sequence
        self.sealedAt = sealedAt
        self.digest = digest
        self.record = record
    }
}

/// A place in the trail with the digest that stands for everything up to it: kept elsewhere, it is an anchor.
package struct AuditHead: Sendable, Hashable {
    package let sequence: UInt64
    package let digest: [UInt8]

    package init(sequence: UInt64, digest: [UInt8]) {
        self.sequence = sequence
        self.digest = digest
    }

    /// Before the first event.
    package static let start = AuditHead(sequence: 0, digest: AuditChain.start)
}
