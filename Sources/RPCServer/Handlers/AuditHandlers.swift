internal import Identity
internal import MariaDB
internal import Wire

/// The methods of gatehouse.v1.AuditService.
struct AuditHandlers: AuditServiceHandler {
    let audit: AuditFlows

    func getAuditHead(_ request: GetAuditHeadRequest, context: CallContext) async throws -> GetAuditHeadResponse {
        GetAuditHeadResponse(head: AuditAnchor(try await audit.head(context)))
    }

    func listEvents(_ request: ListEventsRequest, context: CallContext) async throws -> ListEventsResponse {
        var filter = AuditFilter()
        filter.subjectUser = try RequestFields.optionalID(request.subjectUserID, "subject_user_id")
        let actor: UserID? = try RequestFields.optionalID(request.actorID, "actor_id")
        filter.actor = actor?.bytes
        filter.kind = request.kind.isEmpty ? nil : request.kind
        filter.outcome = request.outcome.domain
        filter.from = request.fromTime.map { Timestamp(microsecondsSinceEpoch: $0.microsecondsSinceEpoch) }
        filter.until = request.untilTime.map { Timestamp(microsecondsSinceEpoch: $0.microsecondsSinceEpoch) }
        filter.firstSequence = request.firstSequence
        filter.lastSequence = request.lastSequence
        filter.newestFirst = request.newestFirst
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let found = try await audit.list(filter, page, context)
        return ListEventsResponse(
            events: found.items.map(Wire.AuditEvent.init),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func watchEvents(
        _ request: WatchEventsRequest,
        context: CallContext,
        send: @escaping @Sendable (WatchEventsResponse) async throws -> Void
    ) async throws {
        try await audit.watch(after: request.afterSequence, untilHead: request.untilHead, context) { batch in
            let events = batch.events.map(Wire.AuditEvent.init)
            try await send(WatchEventsResponse(events: events, headSequence: batch.head))
        }
    }

    func checkEvents(
        _ request: CheckEventsRequest,
        context: CallContext,
        send: @escaping @Sendable (CheckEventsResponse) async throws -> Void
    ) async throws {
        let anchors = request.anchors.map { AuditHead(sequence: $0.sequence, digest: $0.digest) }
        try await audit.verify(anchors: anchors, context) { progress in
            let checked = AuditHead(sequence: progress.checked, digest: progress.digest)
            try await send(
                CheckEventsResponse(
                    checked: AuditAnchor(checked),
                    headSequence: progress.head,
                    badSequence: progress.fault?.sequence ?? 0,
                    problem: progress.fault?.problem.rawValue ?? ""
                )
            )
        }
    }
}

extension AuditAnchor {
    fileprivate init(_ head: AuditHead) {
        self.init(sequence: head.sequence, digest: head.digest)
    }
}

extension Wire.AuditOutcome {
    /// Nil for unspecified.
    fileprivate var domain: Identity.AuditEvent.Outcome? {
        switch self {
        case .unspecified: nil
        case .success: .success
        case .failure: .failure
        case .denied: .denied
        }
    }
}

extension Wire.AuditEvent {
    fileprivate init(_ event: SealedEvent) {
        let record = event.record
        self.init(
            sequence: event.sequence,
            eventID: Self.text(record.id),
            occurTime: record.occurredAt.wire,
            sealTime: event.sealedAt.wire,
            kind: record.kind,
            // What the enumeration does not name is shown as unspecified, and is not what was sealed.
            outcome: AuditOutcome(rawValue: Int32(record.outcome)) ?? .unspecified,
            reason: record.reason,
            actorKind: AuditActorKind(rawValue: Int32(record.actorKind)) ?? .unspecified,
            actorID: Self.text(record.actorID),
            viaServiceAccountID: Self.text(record.viaServiceAccount),
            subjectUserID: Self.text(record.subjectUser),
            subjectID: Self.text(record.subjectID),
            sessionID: Self.text(record.session),
            sourceAddress: record.sourceAddress ?? "",
            requestID: record.requestID,
            details: record.details ?? "",
            digest: event.digest
        )
    }

    private static func text(_ id: [UInt8]?) -> String {
        id.flatMap(EventID.init(bytes:))?.description ?? ""
    }
}
