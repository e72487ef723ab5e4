import MariaDB

extension UserFlows {
    /// How many events of the audit trail an export holds: the newest.
    static let exportedEvents = 5000

    /// Everything that is stored about a person, as JSON, without secrets and without other people's data (SECURITY
    /// PRI-01): one's own after a fresh proof by one's strongest factor, or with `users.read` and `export.users` another's.
    ///
    /// Of the profile a person gets what the schema lets him read, and a service account all. Each is counted and stands in
    /// the audit trail.
    package func export(_ id: UserID, _ context: CallContext) async throws(FlowError) -> String {
        try context.requireAccess(to: id, .usersRead)
        let isOwn = if case .user = context.actor { true } else { false }
        // It is more than reading users: sessions, addresses, attributes that no call shows.
        if !isOwn { try context.require(.exportUsers) }
        try parts.requireFreshProof(context)
        try await countExport(of: id, context)
        let parts = parts
        return try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            try parts.requireStrongestProof(context, transaction)
            guard let user = try UserStore(parts: parts).lock(id, for: context, at: now, transaction) else {
                throw FlowError.notFound
            }
            try AuditStore(parts: parts).append(AuditEvent(.userExported, subjectUser: id), context, transaction)
            let events = try transaction.all(ExportEvents(user: id, limit: Self.exportedEvents + 1))
            var document: [String: ExportValue] = [
                "format": .text("gatehouse.person"), "version": .number(1), "exportedAt": .time(now),
                "user": Self.value(of: user),
                "events": Self.value(of: events.prefix(Self.exportedEvents), about: id),
                "eventsAreComplete": .flag(events.count <= Self.exportedEvents),
            ]
            for part in AccountPart.all {
                guard let name = part.name else { continue }
                if isOwn, let export = part.exportToPerson {
                    document[name] = try export(id, parts, transaction)
                } else {
                    document[name] = try part.export(id, transaction)
                }
            }
            return try ExportValue.object(document).document()
        }
    }

    /// Counts an export, for known and unknown users alike, in a transaction of its own.
    private func countExport(of id: UserID, _ context: CallContext) async throws(FlowError) {
        guard case .user = context.actor else { return }
        let parts = parts
        let now = parts.clock.now()
        let subject = ThrottleKeys(keyRing: parts.keyRing).subject(
            .noticesOfAccount,
            label: "export",
            identity: ThrottledAccount.user(id).identity,
            userID: id,
            rule: ThrottleRule(window: .seconds(86_400), limit: 5)
        )
        let admission = try await parts.transaction(context) { transaction in
            try ThrottleStore(policy: parts.policy.throttling).count([subject], at: now, transaction)
        }
        guard case .blocked(_, let until) = admission else { return }
        throw .throttled(retryAfter: until.map { max($0 - now, .zero) } ?? parts.policy.throttling.forgiveness)
    }

    private static func value(of user: User) -> ExportValue {
        .object([
            "id": .text(user.id.description), "state": .text("\(user.state)"), "stateReason": .text(user.stateReason),
            "lockedUntil": .time(user.lockedUntil), "deleteAfter": .time(user.deleteAfter),
            "externalId": .optional(user.externalID), "createdAt": .time(user.createdAt),
            "updatedAt": .time(user.updatedAt),
        ])
    }

    /// What happened to the account: where somebody else acted, neither who nor from where.
    private static func value(of events: some Sequence<ExportEvents.Row>, about id: UserID) -> ExportValue {
        .list(
            events.map { event in
                let isOwn = event.actorKind == 2 && event.actorID == id.bytes
                // Whoever failed to sign in may have been a stranger.
                let isTold = isOwn || event.actorKind == 0 && event.outcome == AuditEvent.Outcome.success.rawValue
                return .object([
                    "at": .time(event.occurredAt), "kind": .text(event.kind),
                    "outcome": .number(Int64(event.outcome)), "reason": .text(event.reason),
                    "by": .text(isOwn ? "user" : event.actorKind == 0 ? "visitor" : "service"),
                    "sourceAddress": isTold ? .optional(event.sourceAddress) : .null,
                ])
            }
        )
    }
}
