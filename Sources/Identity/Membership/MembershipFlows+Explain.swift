package import MariaDB

/// One way by which a role reaches a user.
package struct RolePath: Sendable, Hashable {
    /// From the group that he was put into up to the one that the role was given to; empty: it was given to himself.
    package let groups: [GroupID]
    /// When this way ends; nil: never.
    package let expiresAt: Timestamp?
}

extension MembershipFlows {
    /// Ways that are told at most.
    package static let mostPaths = 100

    /// Why a user has a role: the ways by which it reaches him; none when he has it not.
    package func explain(
        _ user: UserID,
        _ role: RoleID,
        limit: Int = 20,
        _ context: CallContext
    ) async throws(FlowError) -> [RolePath] {
        try context.requireAccess(to: user, .membershipRead)
        guard (1...Self.mostPaths).contains(limit) else {
            throw .invalid("maximum_paths", .fieldInvalid, "maximum_paths must be 1 to 100; 0 means 20")
        }
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            var paths: [RolePath] = []
            let own = ReadAssignment<AssignmentKinds.RoleOfUser>(holder: user, held: role)
            if let direct = try transaction.first(own), direct.terms.counts(at: now) {
                paths.append(RolePath(groups: [], expiresAt: direct.terms.expiresAt))
            }
            for route in try transaction.all(RoleRoutes(user: user, role: role, now: now)) {
                guard paths.count < limit else { break }
                let edges = try transaction.all(EdgesBetween(from: route.member, to: route.holder))
                let ways = GroupWays(edges: edges).from(route.member, to: route.holder, limit: limit - paths.count)
                paths += ways.map { RolePath(groups: $0, expiresAt: route.expiresAt) }
            }
            return paths
        }
    }
}

/// The ways up through groups.
struct GroupWays {
    private let parents: [GroupID: [GroupID]]

    /// Takes edges each of which lies on a way to where all lead.
    init(edges: [GroupEdge]) {
        parents = Dictionary(grouping: edges, by: \.child).mapValues { $0.map(\.parent) }
    }

    /// At most `limit` ways; every step leads on, so the work is bounded by what is found.
    func from(_ start: GroupID, to end: GroupID, limit: Int) -> [[GroupID]] {
        var found: [[GroupID]] = []
        var open: [[GroupID]] = [[start]]
        while found.count < limit, let way = open.popLast() {
            guard let last = way.last, last != end else {
                found.append(way)
                continue
            }
            for parent in (parents[last] ?? []).reversed() { open.append(way + [parent]) }
        }
        return found
    }
}
