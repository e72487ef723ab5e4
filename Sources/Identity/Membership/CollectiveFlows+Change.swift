import MariaDB

extension CollectiveFlows {
    /// Makes one that nobody has.
    package func create(
        name: String,
        description: String = "",
        demand: AssuranceDemand = .nothing,
        _ context: CallContext
    ) async throws(FlowError) -> Collective<Kind> {
        try context.require(.membershipWrite)
        let checked = try CollectiveChanges(name: name, description: description, demand: demand).checked()
        let parts = parts
        return try await parts.changeMembership(context) { transaction, now in
            var item = Collective<Kind>(
                id: parts.makeID(),
                name: "",
                description: "",
                demand: .nothing,
                revision: 1,
                createdAt: now,
                updatedAt: now
            )
            item.apply(checked)
            try self.insert(item, context, transaction)
            return item
        }
    }

    /// Writes the given fields.
    package func update(
        _ id: ID<Kind>,
        _ changes: CollectiveChanges,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Collective<Kind> {
        try context.require(.membershipWrite)
        let checked = try changes.checked()
        let parts = parts
        return try await parts.changeMembership(context) { transaction, now in
            let old = try Self.lock(id, expectedRevision, transaction)
            try Authority(of: context, at: now, transaction).require(collective: id)
            var item = old
            item.apply(checked)
            guard item != old else { return old }
            item.revision += 1
            item.updatedAt = now
            try self.write(item, over: old, context, at: now, transaction)
            return item
        }
    }

    /// Writes one that is there; sessions that do not meet what it demands now end.
    func write(
        _ item: Collective<Kind>,
        over old: Collective<Kind>,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        let update = UpdateCollective(item: item)
        try transaction.execute(update, orOnDuplicate: Kind.nameIndex, throw: Kind.nameTaken)
        var event = AuditEvent(Kind.updated, subjectID: item.id.bytes, details: item.auditDetails)
        if item.demand > old.demand, let reach = DemandReach(item.id) {
            let ended = try MembershipStore(parts: parts)
                .endSessions(below: item.demand, of: reach, at: now, transaction)
            event.details["sessions_ended"] = "\(ended)"
        }
        try AuditStore(parts: parts).append(event, context, transaction)
    }

    /// Adds one that nobody has.
    func insert(_ item: Collective<Kind>, _ context: CallContext, _ transaction: Transaction) throws {
        let insert = InsertCollective(item: item)
        try transaction.execute(insert, orOnDuplicate: Kind.nameIndex, throw: Kind.nameTaken)
        try MembershipStore(parts: parts).noteCreated(item.id, transaction)
        let event = AuditEvent(Kind.created, subjectID: item.id.bytes, details: item.auditDetails)
        try AuditStore(parts: parts).append(event, context, transaction)
    }

    /// One under a lock, with the revision that is expected.
    static func lock(
        _ id: ID<Kind>,
        _ expectedRevision: UInt64?,
        _ transaction: Transaction
    ) throws -> Collective<Kind> {
        guard let item = try transaction.first(LockCollective(id: id)) else { throw FlowError.notFound }
        if let expectedRevision, expectedRevision != item.revision {
            throw FlowError.revisionConflict(current: item.revision)
        }
        return item
    }
}

extension Collective {
    /// Writes the fields that are given.
    mutating func apply(_ checked: CollectiveChanges.Checked) {
        if let name = checked.name { self.name = name.value }
        if let description = checked.description { self.description = description }
        if let demand = checked.demand { self.demand = demand }
    }

    /// What the audit trail keeps of a change; names of roles and groups are no personal data.
    var auditDetails: [String: String] {
        ["name": name, "demand": "\(demand)"]
    }
}

extension CoreParts {
    /// Runs a change of roles, groups or who has them: one at a time, so that what it decides by stays as it read it.
    func changeMembership<R: Codable & Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction, _ now: Timestamp) throws -> R
    ) async throws(FlowError) -> R {
        try await mutate(context) { transaction in
            try transaction.execute(TakeMembershipGuard())
            return try body(transaction, self.clock.now())
        }
    }
}
