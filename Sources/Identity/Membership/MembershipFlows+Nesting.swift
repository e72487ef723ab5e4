import MariaDB

// How groups nest. Doing a thing again changes nothing.
extension MembershipFlows {
    /// Puts a group into another: everybody in it gets what the other gives.
    ///
    /// No circle is made.
    package func nest(_ edge: GroupEdge, _ context: CallContext) async throws(FlowError) {
        try await changeNesting(context) { authority, transaction, now in
            try insert(edge, authority, context, at: now, transaction)
        }
    }

    /// Takes a group out of another.
    package func unnest(_ edge: GroupEdge, _ context: CallContext) async throws(FlowError) {
        try await changeNesting(context) { authority, transaction, now in
            let owned = try Self.rolesPassedOn(by: edge.parent, at: now, transaction)
            try authority.keepingOwners(of: owned) { try remove(edge, authority, context, transaction) }
        }
    }

    /// Takes a group out of one and puts it into another, at once.
    package func move(
        _ group: GroupID,
        from old: GroupID,
        to new: GroupID,
        _ context: CallContext
    ) async throws(FlowError) {
        try await changeNesting(context) { authority, transaction, now in
            let owned = try Self.rolesPassedOn(by: old, at: now, transaction)
            try authority.keepingOwners(of: owned) {
                let edge = GroupEdge(parent: old, child: group)
                guard try remove(edge, authority, context, transaction) else { throw FlowError.notFound }
                try insert(GroupEdge(parent: new, child: group), authority, context, at: now, transaction)
            }
        }
    }

    private func changeNesting(
        _ context: CallContext,
        _ body: @escaping @Sendable (Authority, Transaction, _ now: Timestamp) throws -> Void
    ) async throws(FlowError) {
        try await parts.requireMembershipChange(context)
        _ = try await parts.changeMembership(context) { transaction, now in
            try body(Authority(of: context, at: now, transaction), transaction, now)
            return Done()
        }
    }

    /// Puts a group into another; `made` says when and by whom, where that was elsewhere.
    func insert(
        _ edge: GroupEdge,
        _ authority: Authority,
        _ context: CallContext,
        at now: Timestamp,
        made: (at: Timestamp, by: Assigner)? = nil,
        _ transaction: Transaction
    ) throws {
        try authority.require(edge.parent, until: nil)
        try authority.require(edge.child)
        try Self.requireThere(edge.parent, transaction)
        try Self.requireThere(edge.child, transaction)
        guard let size = try transaction.first(MeasureNesting(edge: edge)), !size.isCycle else {
            throw FlowError.groupCycle
        }
        guard size.above * size.below <= MembershipStore.mostPairs,
            Double(size.mostPathsAbove) * Double(size.mostPathsBelow) <= MembershipStore.mostPaths
        else { throw FlowError.groupNestingTooLarge }
        let insert = InsertEdge(edge: edge, now: made?.at ?? now, by: made?.by ?? Assigner(context.actor))
        guard try transaction.insertIfNew(insert) else { return }
        try transaction.execute(AddPaths(edge: edge))
        let demand = try transaction.first(DemandOfGroup(group: edge.parent, now: now)) ?? .nothing
        let ended = try MembershipStore(parts: parts)
            .endSessions(below: demand, of: .group(edge.child), at: now, transaction)
        try note(edge, .groupNested, ended, context, transaction)
    }

    @discardableResult
    private func remove(
        _ edge: GroupEdge,
        _ authority: Authority,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> Bool {
        try authority.require(edge.parent)
        try authority.require(edge.child)
        guard try transaction.execute(DeleteEdge(edge: edge)) == 1 else { return false }
        try transaction.execute(SubtractPaths(edge: edge))
        try transaction.execute(DeletePairsWithoutPath(edge: edge))
        try note(edge, .groupUnnested, 0, context, transaction)
        return true
    }

    private func note(
        _ edge: GroupEdge,
        _ kind: AuditEventKind,
        _ sessionsEnded: UInt64,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        var event = AuditEvent(kind, subjectID: edge.child.bytes, details: ["parent_id": edge.parent.description])
        if sessionsEnded > 0 { event.details["sessions_ended"] = "\(sessionsEnded)" }
        try AuditStore(parts: parts).append(event, context, transaction)
    }
}

extension FlowError {
    static let groupCycle = FlowError(
        .failedPrecondition,
        reason: .groupCycle,
        message: "a group cannot be in itself, directly or through others"
    )

    static let groupNestingTooLarge = FlowError(
        .failedPrecondition,
        reason: .groupNestingTooLarge,
        message: "too many groups would be above and below each other by this"
    )
}
