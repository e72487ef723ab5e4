package import MariaDB

/// Writes the audit trail, in the transaction of what it tells about: both are kept or neither.
package struct AuditStore: Sendable {
    let parts: CoreParts

    package init(parts: CoreParts) {
        self.parts = parts
    }

    /// Appends one event; a failure rolls the change back too (SECURITY LOG-06).
    package func append(_ event: AuditEvent, _ context: CallContext, _ transaction: Transaction) throws {
        try transaction.enqueue(statement(event, context))
    }

    /// Appends many events with few statements.
    func append(_ events: [AuditEvent], _ context: CallContext, _ transaction: Transaction) throws {
        try transaction.enqueue(events.map { statement($0, context) })
    }

    private func statement(_ event: AuditEvent, _ context: CallContext) -> InsertAuditEvent {
        InsertAuditEvent(
            id: parts.makeID(EventID.self),
            occurredAt: parts.clock.now(),
            event: event,
            actor: AuditActor(context.actor),
            sourceAddress: context.source?.description,
            requestID: String(context.requestID.unicodeScalars.prefix(64))
        )
    }
}

/// Who did it, as stored.
struct AuditActor: Sendable {
    let kind: UInt8
    let id: [UInt8]?
    let via: ServiceAccountID?
    let session: SessionID?

    init(_ actor: CallContext.Actor) {
        switch actor {
        case .anonymous: self.init(kind: 0)
        case .serviceAccount(let caller): self.init(kind: 1, id: caller.id.bytes)
        case .user(let session, let via):
            self.init(kind: 2, id: session.userID.bytes, via: via?.id, session: session.id)
        case .system: self.init(kind: 3)
        }
    }

    private init(kind: UInt8, id: [UInt8]? = nil, via: ServiceAccountID? = nil, session: SessionID? = nil) {
        self.kind = kind
        self.id = id
        self.via = via
        self.session = session
    }
}
