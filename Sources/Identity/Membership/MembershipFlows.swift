import MariaDB

/// Who has which roles, and who is in which groups; every question is asked of the tables as they are now (SECURITY ADM-08).
package struct MembershipFlows: Sendable {
    let parts: CoreParts

    /// Whether a user has a role, by himself or through any group: one indexed read.
    package func holds(_ user: UserID, _ role: RoleID, _ context: CallContext) async throws(FlowError) -> Bool {
        try context.requireAccess(to: user, .membershipRead)
        let question = HoldsRole(user: user, role: role, now: parts.clock.now())
        return try await parts.read(context) { try $0.first(question) ?? false }
    }

    /// The roles of a user, each once: those given to him, or all that reach him.
    package func roles(
        of user: UserID,
        isEffective: Bool,
        _ context: CallContext
    ) async throws(FlowError) -> [HeldRole] {
        try context.requireAccess(to: user, .membershipRead)
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            let list = ListAssignmentsOfHolder<AssignmentKinds.RoleOfUser>(holder: user, now: now)
            var held: [RoleID: HeldRole] = [:]
            for direct in try transaction.all(list) {
                held[direct.held] = HeldRole(role: direct.held, isDirect: true, terms: direct.terms)
            }
            guard isEffective else { return held.values.sorted() }
            for way in try transaction.all(InheritedRoles(user: user, now: now)) {
                let inherited = HeldRole(role: way.role, isDirect: false, terms: way.terms)
                held[way.role] = held[way.role].map { $0.joined(inherited) } ?? inherited
            }
            return held.values.sorted()
        }
    }

    /// The groups of a user, each once: those he was put into, or all above them too.
    package func groups(
        of user: UserID,
        isEffective: Bool,
        _ context: CallContext
    ) async throws(FlowError) -> [GroupID] {
        try context.requireAccess(to: user, .membershipRead)
        let now = parts.clock.now()
        let rows = try await parts.read(context) { try $0.all(GroupsOfUser(user: user, now: now)) }
        let groups = Set(rows.map { isEffective ? $0.group : $0.member })
        return groups.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}

/// A role that somebody has.
package struct HeldRole: Sendable, Hashable, Comparable {
    package let role: RoleID
    /// Whether it was given to the holder himself.
    package let isDirect: Bool
    /// Over all ways by which it reaches him: the last end, and whether any lets him pass it on.
    package let terms: AssignmentTerms

    /// The same role by another way as well.
    func joined(_ other: HeldRole) -> HeldRole {
        let terms = AssignmentTerms(
            mayGrant: terms.mayGrant || other.terms.mayGrant,
            expiresAt: Timestamp.later(terms.expiresAt, other.terms.expiresAt)
        )
        return HeldRole(role: role, isDirect: isDirect || other.isDirect, terms: terms)
    }

    package static func < (left: HeldRole, right: HeldRole) -> Bool {
        left.role.bytes.lexicographicallyPrecedes(right.role.bytes)
    }
}
