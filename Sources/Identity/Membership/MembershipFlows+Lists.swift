import MariaDB

extension MembershipFlows {
    /// A page of the members of a group, in the order of ids: those put into it, or those of all groups below it too.
    ///
    /// Each user once; of several groups that make him a member, one is told.
    package func members(
        of group: GroupID,
        isEffective: Bool,
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<Assignment<AssignmentKinds.MemberOfGroup>> {
        try context.require(.membershipRead)
        let (now, limit) = (parts.clock.now(), try request.limit())
        let filter = group.bytes + [isEffective ? 1 : 0]
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: UserID =
            try tokens.position(request, list: "group_members", filter: filter, caller: context) ?? .zero
        let members = try await parts.read(context) { transaction in
            try Self.requireThere(group, transaction)
            let groups = [group] + (isEffective ? try transaction.all(GroupsBelow(group: group)) : [])
            var merge = MemberMerge(after: after, limit: limit + 1, now: now)
            try merge.add(membersOf: groups, transaction)
            return merge.members
        }
        return tokens.page(of: members, limit: limit, list: "group_members", filter: filter, caller: context) {
            $0.holder.bytes
        }
    }

    /// A page of the users who have a role, in the order of ids: those it was given to, or all whom it reaches.
    package func holders(
        of role: RoleID,
        isEffective: Bool,
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<RoleHolder> {
        try context.require(.membershipRead)
        let (now, limit) = (parts.clock.now(), try request.limit())
        let filter = role.bytes + [isEffective ? 1 : 0]
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: UserID = try tokens.position(request, list: "role_holders", filter: filter, caller: context) ?? .zero
        let holders = try await parts.read(context) { transaction in
            try Self.requireThere(role, transaction)
            let list = ListAssignmentsOfHeld<AssignmentKinds.RoleOfUser>(
                held: role,
                after: after,
                now: now,
                limit: limit + 1
            )
            var merge = MemberMerge(after: after, limit: limit + 1, now: now)
            if isEffective {
                let groups = try Set(transaction.all(GroupsReachedByRole(role: role, now: now)))
                try merge.add(membersOf: groups.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }, transaction)
            }
            var holders = Dictionary(
                uniqueKeysWithValues: merge.members.map { ($0.holder, RoleHolder(user: $0.holder, group: $0.held)) }
            )
            for direct in try transaction.all(list) {
                holders[direct.holder, default: RoleHolder(user: direct.holder)].direct = direct
            }
            let ordered = holders.values.sorted { $0.user.bytes.lexicographicallyPrecedes($1.user.bytes) }
            return Array(ordered.prefix(limit + 1))
        }
        return tokens.page(of: holders, limit: limit, list: "role_holders", filter: filter, caller: context) {
            $0.user.bytes
        }
    }
}

extension MembershipFlows {
    /// Which way from a group.
    package enum Direction: UInt8, Sendable {
        case below = 1
        case above = 2
    }

    /// A page of the groups nested in a group, or of those it is nested in, in the order of ids: directly, or at any depth.
    package func groups(
        _ direction: Direction,
        _ group: GroupID,
        isEffective: Bool,
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<GroupID> {
        try context.require(.membershipRead)
        let limit = try request.limit()
        let filter = group.bytes + [direction.rawValue, isEffective ? 1 : 0]
        let tokens = PageTokens(keyRing: parts.keyRing)
        let after: GroupID = try tokens.position(request, list: "nesting", filter: filter, caller: context) ?? .zero
        let groups = try await parts.read(context) { transaction in
            try Self.requireThere(group, transaction)
            switch (direction, isEffective) {
            case (.below, false): return try transaction.all(Subgroups(group: group, after: after, limit: limit + 1))
            case (.below, true): return try transaction.all(GroupsBelow(group: group, after: after, limit: limit + 1))
            case (.above, false): return try transaction.all(ParentGroups(group: group, after: after, limit: limit + 1))
            case (.above, true): return try transaction.all(GroupsAbove(group: group, after: after, limit: limit + 1))
            }
        }
        return tokens.page(of: groups, limit: limit, list: "nesting", filter: filter, caller: context) { $0.bytes }
    }

    /// The roles that a group gives its members, each once: those given to it, or those of all groups above it too.
    package func roles(
        of group: GroupID,
        isEffective: Bool,
        _ context: CallContext
    ) async throws(FlowError) -> [HeldRole] {
        try context.require(.membershipRead)
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            try Self.requireThere(group, transaction)
            var held: [RoleID: HeldRole] = [:]
            for way in try transaction.all(RolesConferred(group: group, now: now))
            where isEffective || way.group == group {
                let own = HeldRole(role: way.role, isDirect: way.group == group, terms: way.terms)
                held[way.role] = held[way.role].map { $0.joined(own) } ?? own
            }
            return held.values.sorted()
        }
    }

    /// The roles that a service account may give, take and administer.
    package func roles(of account: ServiceAccountID, _ context: CallContext) async throws(FlowError) -> [HeldRole] {
        try context.require(.membershipRead)
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            guard try transaction.first(ServiceAccountByID(id: account)) != nil else { throw FlowError.notFound }
            let list = ListAssignmentsOfHolder<AssignmentKinds.RoleOfServiceAccount>(holder: account, now: now)
            return try transaction.all(list).map { HeldRole(role: $0.held, isDirect: true, terms: $0.terms) }.sorted()
        }
    }
}

/// A user who has a role.
package struct RoleHolder: Sendable, Hashable {
    package let user: UserID
    /// How it was given to the user himself; nil: only groups give it.
    package var direct: Assignment<AssignmentKinds.RoleOfUser>?
    /// A group he was put into that gives it; nil: none does, or it was not asked for.
    package var group: GroupID?
}

/// The members of many groups in the order of ids, read as far as one page needs them.
///
/// Each group is read by an index that is in this order already, so nothing is sorted but the page, however many members
/// there are.
struct MemberMerge {
    let after: UserID
    let limit: Int
    let now: Timestamp
    private(set) var members: [Assignment<AssignmentKinds.MemberOfGroup>] = []

    init(after: UserID, limit: Int, now: Timestamp) {
        self.after = after
        self.limit = limit
        self.now = now
    }

    mutating func add(membersOf groups: [GroupID], _ transaction: Transaction) throws {
        for group in groups {
            // Once the page is full, only users before its last one can change it.
            let through = members.count == limit ? members.last?.holder ?? .greatest : .greatest
            let list = ListAssignmentsOfHeld<AssignmentKinds.MemberOfGroup>(
                held: group,
                after: after,
                through: through,
                now: now,
                limit: limit
            )
            let found = try transaction.all(list)
            guard !found.isEmpty else { continue }
            let all = Dictionary((members + found).map { ($0.holder, $0) }) { first, _ in first }
            let ordered = all.values.sorted { $0.holder.bytes.lexicographicallyPrecedes($1.holder.bytes) }
            members = Array(ordered.prefix(limit))
        }
    }
}
