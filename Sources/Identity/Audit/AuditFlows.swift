import MariaDB

/// The sealed audit trail, for those who may read it (PRODUCT section 11).
package struct AuditFlows: Sendable {
    let parts: CoreParts

    /// The end of the trail; needs `audit.read`.
    package func head(_ context: CallContext) async throws(FlowError) -> AuditHead {
        try context.require(.auditRead)
        return try await parts.read(context) { try $0.first(ReadAuditHead())?.head ?? .start }
    }

    /// A page of sealed events; needs `audit.read`.
    ///
    /// By number, or by time when anything but a range of numbers is asked for. The first page of each look is itself an event.
    package func list(
        _ filter: AuditFilter,
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<SealedEvent> {
        try context.require(.auditRead)
        let limit = try request.limit()
        let order = try filter.order()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let position = try tokens.read(request.token, list: "events", filter: filter.bytes, caller: context)
        if position == nil { try await recordView("list", of: filter.subjectUser, context) }
        let events: [SealedEvent]
        switch order {
        case .sequence:
            let statement = Self.statement(filter, after: position.flatMap(UInt64.init(bigEndian:)), limit: limit + 1)
            events = try await parts.read(context) { try $0.all(statement) }
        case .time(let selector):
            let statement = Self.statement(filter, selector, after: position.flatMap(Self.place), limit: limit + 1)
            events = try await parts.read(context) { try $0.all(statement) }
        }
        return tokens.page(of: events, limit: limit, list: "events", filter: filter.bytes, caller: context) { event in
            switch order {
            case .sequence: event.sequence.bigEndianBytes
            case .time: Self.bytes(of: event.record.occurredAt, event.record.id)
            }
        }
    }

    /// Writes down who looks at the trail before anything is shown (SECURITY LOG-01); the server's own looks are not.
    ///
    /// - Parameters:
    ///   - kind: What is looked at: `list` or `stream`.
    ///   - user: Whose events are asked for, if one user's.
    ///   - context: The call.
    /// - Throws: `FlowError` when it cannot be written: then nothing is shown (LOG-06).
    func recordView(_ kind: String, of user: UserID? = nil, _ context: CallContext) async throws(FlowError) {
        if case .system = context.actor { return }
        // Not as its subject: somebody's own activity is what was done to the account, not who read of it.
        var event = AuditEvent(.auditViewed, details: ["view": kind])
        event.details["user"] = user?.description
        let (store, written) = (AuditStore(parts: parts), event)
        try await parts.transaction(context) { try store.append(written, context, $0) }
    }

    private static func statement(_ filter: AuditFilter, after: UInt64?, limit: Int) -> ListEventsBySequence {
        var (first, last) = (filter.firstSequence, filter.lastSequence == 0 ? .max : filter.lastSequence)
        if let after {
            if filter.newestFirst { last = min(last, after - 1) } else { first = max(first, after + 1) }
        }
        return ListEventsBySequence(first: first, last: last, newestFirst: filter.newestFirst, limit: limit)
    }

    private static func statement(
        _ filter: AuditFilter,
        _ selector: AuditFilter.Selector,
        after: ListEventsByTime.Position?,
        limit: Int
    ) -> ListEventsByTime {
        ListEventsByTime(
            selector: selector,
            from: max(filter.from ?? ListEventsByTime.beginning, ListEventsByTime.beginning),
            until: min(filter.until.map { $0 - .microseconds(1) } ?? ListEventsByTime.end, ListEventsByTime.end),
            after: after,
            newestFirst: filter.newestFirst,
            limit: limit
        )
    }

    /// What a page token holds of the last event of a list by time.
    static func bytes(of time: Timestamp, _ id: [UInt8]) -> [UInt8] {
        UInt64(bitPattern: time.microsecondsSinceEpoch).bigEndianBytes + id
    }

    /// The same, read again.
    static func place(_ bytes: [UInt8]) -> ListEventsByTime.Position? {
        guard bytes.count == 24, let time = UInt64(bigEndian: Array(bytes.prefix(8))),
            let id = EventID(bytes: Array(bytes.suffix(16)))
        else { return nil }
        return ListEventsByTime.Position(time: Timestamp(microsecondsSinceEpoch: Int64(bitPattern: time)), id: id)
    }
}

extension UInt64 {
    /// Nil unless there are eight bytes.
    fileprivate init?(bigEndian bytes: [UInt8]) {
        guard bytes.count == 8 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    fileprivate var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) }
    }
}
