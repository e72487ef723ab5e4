import MariaDB

// Giving and taking. Doing either again changes nothing and tells the audit trail nothing.
extension MembershipFlows {
    /// Gives a role to a user.
    package func give(
        _ role: RoleID,
        to user: UserID,
        on terms: AssignmentTerms = AssignmentTerms(),
        _ context: CallContext
    ) async throws(FlowError) -> Assignment<AssignmentKinds.RoleOfUser> {
        try await write(AssignmentKinds.RoleOfUser.self, user, role, terms, context) { authority, transaction in
            try authority.require(role, until: terms.expiresAt)
            guard try transaction.first(LockUser(id: user)) != nil else { throw FlowError.notFound }
            try authority.requireOver(user)
            try Self.requireThere(role, transaction)
            return [role]
        }
    }

    /// Takes a role from a user.
    package func take(_ role: RoleID, from user: UserID, _ context: CallContext) async throws(FlowError) {
        try await remove(AssignmentKinds.RoleOfUser.self, user, role, context) { authority, _ in
            try authority.require(role)
            try authority.requireOver(user)
            return [role]
        }
    }

    /// Gives a role to everybody in a group and in the groups below it.
    package func give(
        _ role: RoleID,
        to group: GroupID,
        on terms: AssignmentTerms = AssignmentTerms(),
        _ context: CallContext
    ) async throws(FlowError) -> Assignment<AssignmentKinds.RoleOfGroup> {
        try await write(AssignmentKinds.RoleOfGroup.self, group, role, terms, context) { authority, transaction in
            try authority.require(role, until: terms.expiresAt)
            try authority.require(group)
            try Self.requireThere(role, transaction)
            try Self.requireThere(group, transaction)
            return [role]
        }
    }

    /// Takes a role from a group.
    package func take(_ role: RoleID, from group: GroupID, _ context: CallContext) async throws(FlowError) {
        try await remove(AssignmentKinds.RoleOfGroup.self, group, role, context) { authority, _ in
            try authority.require(role)
            try authority.require(group)
            return [role]
        }
    }

    /// Lets a service account give, take and administer a role.
    package func give(
        _ role: RoleID,
        to account: ServiceAccountID,
        on terms: AssignmentTerms = AssignmentTerms(),
        _ context: CallContext
    ) async throws(FlowError) -> Assignment<AssignmentKinds.RoleOfServiceAccount> {
        let kind = AssignmentKinds.RoleOfServiceAccount.self
        var terms = terms
        terms.mayGrant = true
        let given = terms
        return try await write(kind, account, role, given, context) { authority, transaction in
            try authority.require(role, until: given.expiresAt)
            try Self.requireOver(account, authority, transaction)
            try Self.requireThere(role, transaction)
            return []
        }
    }

    /// Takes a role from a service account.
    package func take(_ role: RoleID, from account: ServiceAccountID, _ context: CallContext) async throws(FlowError) {
        let kind = AssignmentKinds.RoleOfServiceAccount.self
        try await remove(kind, account, role, context) { authority, transaction in
            try authority.require(role)
            try Self.requireOver(account, authority, transaction)
            return []
        }
    }

    /// Puts a user into a group.
    package func add(
        _ user: UserID,
        to group: GroupID,
        on terms: AssignmentTerms = AssignmentTerms(),
        _ context: CallContext
    ) async throws(FlowError) -> Assignment<AssignmentKinds.MemberOfGroup> {
        let now = parts.clock.now()
        return try await write(AssignmentKinds.MemberOfGroup.self, user, group, terms, context) {
            authority,
            transaction in
            try authority.require(group, until: terms.expiresAt)
            guard try transaction.first(LockUser(id: user)) != nil else { throw FlowError.notFound }
            try authority.requireOver(user)
            try Self.requireThere(group, transaction)
            return try Self.rolesPassedOn(by: group, at: now, transaction)
        }
    }

    /// Takes a user out of a group; he may still be in it through another.
    package func remove(_ user: UserID, from group: GroupID, _ context: CallContext) async throws(FlowError) {
        let now = parts.clock.now()
        try await remove(AssignmentKinds.MemberOfGroup.self, user, group, context) { authority, transaction in
            try authority.require(group)
            try authority.requireOver(user)
            return try Self.rolesPassedOn(by: group, at: now, transaction)
        }
    }

    /// The roles that members of a group may pass on.
    static func rolesPassedOn(
        by group: GroupID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> [RoleID] {
        try transaction.all(RolesConferred(group: group, now: now)).filter(\.terms.mayGrant).map(\.role)
    }

    static func requireThere<Kind: CollectiveKind>(_ id: ID<Kind>, _ transaction: Transaction) throws {
        guard try transaction.first(CollectiveByID(id: id)) != nil else { throw FlowError.notFound }
    }

    private static func requireOver(
        _ account: ServiceAccountID,
        _ authority: Authority,
        _ transaction: Transaction
    ) throws {
        guard let account = try transaction.first(LockServiceAccount(id: account)) else { throw FlowError.notFound }
        try authority.requireOver(account)
    }

    /// Gives something, or changes its terms; `check` demands what it takes, and says which roles may lose an owner by it.
    private func write<Kind: AssignmentKind>(
        _: Kind.Type,
        _ holder: ID<Kind.Holder>,
        _ held: ID<Kind.Held>,
        _ terms: AssignmentTerms,
        _ context: CallContext,
        _ check: @escaping @Sendable (Authority, Transaction) throws -> [RoleID]
    ) async throws(FlowError) -> Assignment<Kind> {
        try await parts.requireMembershipChange(context)
        let parts = parts
        return try await parts.changeMembership(context) { transaction, now in
            guard terms.counts(at: now) else { throw FlowError.expiryPassed }
            let authority = try Authority(of: context, at: now, transaction)
            let owned = try check(authority, transaction)
            let old = try transaction.first(LockAssignment<Kind>(holder: holder, held: held))
            if let old, old.terms == terms { return old }
            let assignment = Assignment<Kind>(
                holder: holder,
                held: held,
                terms: terms,
                assignedAt: now,
                assignedBy: Assigner(context.actor)
            )
            try authority.keepingOwners(of: owned) {
                try transaction.execute(WriteAssignment(assignment: assignment))
            }
            var event = Kind.event(holder, held, isGiven: true)
            if let (demand, reach) = try Kind.demand(holder, held, at: now, transaction), demand > .nothing {
                let ended = try MembershipStore(parts: parts).endSessions(
                    below: demand,
                    of: reach,
                    at: now,
                    transaction
                )
                event.details["sessions_ended"] = "\(ended)"
            }
            event.details["may_grant"] = "\(terms.mayGrant)"
            event.details["expires_at"] = terms.expiresAt?.description
            try AuditStore(parts: parts).append(event, context, transaction)
            return assignment
        }
    }

    private func remove<Kind: AssignmentKind>(
        _: Kind.Type,
        _ holder: ID<Kind.Holder>,
        _ held: ID<Kind.Held>,
        _ context: CallContext,
        _ check: @escaping @Sendable (Authority, Transaction) throws -> [RoleID]
    ) async throws(FlowError) {
        try await parts.requireMembershipChange(context)
        let parts = parts
        _ = try await parts.changeMembership(context) { transaction, now in
            let authority = try Authority(of: context, at: now, transaction)
            let owned = try check(authority, transaction)
            var removed: UInt64 = 0
            try authority.keepingOwners(of: owned) {
                removed = try transaction.execute(DeleteAssignment<Kind>(holder: holder, held: held))
            }
            guard removed > 0 else { return Done() }
            try AuditStore(parts: parts).append(Kind.event(holder, held, isGiven: false), context, transaction)
            return Done()
        }
    }
}

extension FlowError {
    static let expiryPassed = FlowError.invalid("expire_time", .fieldInvalid, "expire_time must lie in the future")
}
