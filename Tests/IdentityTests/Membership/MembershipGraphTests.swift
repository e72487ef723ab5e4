import MariaDB
import Testing

@testable import Identity

/// Random graphs against a brute-force reading of them.
@Suite(.serialized) struct MembershipGraphTests {
    /// A reading of the graph that knows nothing but edges and assignments.
    struct Oracle {
        var edges: Set<GroupEdge> = []
        var userRoles: Set<[Int]> = []
        var groupRoles: Set<[Int]> = []
        var members: Set<[Int]> = []

        func above(_ group: Int, _ ids: [GroupID]) -> Set<Int> {
            var (found, open): (Set<Int>, [Int]) = ([group], [group])
            while let next = open.popLast() {
                for edge in edges where edge.child == ids[next] {
                    guard let parent = ids.firstIndex(of: edge.parent), found.insert(parent).inserted else { continue }
                    open.append(parent)
                }
            }
            return found
        }

        func groups(of user: Int, _ ids: [GroupID]) -> Set<Int> {
            Set(members.filter { $0[0] == user }.flatMap { above($0[1], ids) })
        }

        func roles(of user: Int, _ ids: [GroupID]) -> Set<Int> {
            let groups = groups(of: user, ids)
            let direct = userRoles.filter { $0[0] == user }.map { $0[1] }
            return Set(direct + groupRoles.filter { groups.contains($0[0]) }.map { $0[1] })
        }

        func ways(from group: Int, to end: Int, _ ids: [GroupID]) -> Int {
            if group == end { return 1 }
            return edges.filter { $0.child == ids[group] }
                .reduce(0) { $0 + ways(from: ids.firstIndex(of: $1.parent) ?? 0, to: end, ids) }
        }
    }

    /// SplitMix64, so that a failure comes again.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    @Test(arguments: [UInt64(1), 2, 3]) func `every answer is what the graph says`(seed: UInt64) async throws {
        try await withCore { world in
            var random = Seeded(state: seed)
            let flows = world.core.membership
            var (groups, roles, users): ([GroupID], [RoleID], [UserID]) = ([], [], [])
            for number in 0..<8 {
                groups.append(try await world.core.groups.create(name: "g\(number)", world.system).id)
            }
            for number in 0..<4 { roles.append(try await world.core.roles.create(name: "r\(number)", world.system).id) }
            for number in 0..<4 { users.append(try await world.makeUser("u\(number)@example.com").id) }
            var oracle = Oracle()
            for step in 0..<120 {
                let (a, b) = (Int.random(in: 0..<8, using: &random), Int.random(in: 0..<8, using: &random))
                let (role, user) = (b % 4, a % 4)
                switch Int.random(in: 0..<8, using: &random) {
                case 0, 1, 2:
                    let edge = GroupEdge(parent: groups[a], child: groups[b])
                    if oracle.above(a, groups).contains(b) {
                        await expectRefusal(.groupCycle) { try await flows.nest(edge, world.system) }
                    } else {
                        try await flows.nest(edge, world.system)
                        oracle.edges.insert(edge)
                    }
                case 3:
                    let edge =
                        oracle.edges.randomElement(using: &random) ?? GroupEdge(parent: groups[a], child: groups[b])
                    try await flows.unnest(edge, world.system)
                    oracle.edges.remove(edge)
                case 4:
                    _ = try await flows.give(roles[role], to: users[user], world.system)
                    oracle.userRoles.insert([user, role])
                case 5:
                    _ = try await flows.give(roles[role], to: groups[a], world.system)
                    oracle.groupRoles.insert([a, role])
                case 6:
                    _ = try await flows.add(users[role], to: groups[a], world.system)
                    oracle.members.insert([role, a])
                default:
                    try await flows.take(roles[role], from: users[user], world.system)
                    try await flows.take(roles[user], from: groups[b], world.system)
                    oracle.userRoles.remove([user, role])
                    oracle.groupRoles.remove([b, user])
                }
                guard step % 20 == 19 else { continue }
                try await check(world, oracle, groups, roles, users)
            }
        }
    }

    private func check(
        _ world: CoreWorld,
        _ oracle: Oracle,
        _ groups: [GroupID],
        _ roles: [RoleID],
        _ users: [UserID]
    ) async throws {
        let flows = world.core.membership
        for user in users.indices {
            let expected = oracle.roles(of: user, groups)
            let told = try await flows.roles(of: users[user], isEffective: true, world.system).map(\.role)
            #expect(Set(told) == Set(expected.map { roles[$0] }) && told.count == expected.count)
            let all = try await flows.groups(of: users[user], isEffective: true, world.system)
            #expect(Set(all) == Set(oracle.groups(of: user, groups).map { groups[$0] }))
            for role in roles.indices {
                #expect(try await flows.holds(users[user], roles[role], world.system) == expected.contains(role))
                let paths = try await flows.explain(users[user], roles[role], limit: 100, world.system)
                let routes = oracle.members.filter { $0[0] == user }.flatMap { member in
                    oracle.groupRoles.filter { $0[1] == role }.map { oracle.ways(from: member[1], to: $0[0], groups) }
                }
                let ways = routes.reduce(oracle.userRoles.contains([user, role]) ? 1 : 0, +)
                #expect(paths.count == min(ways, 100) && Set(paths).count == paths.count)
            }
        }
        for (index, group) in groups.enumerated() {
            let page = try await flows.members(of: group, isEffective: true, PageRequest(), world.system)
            let expected = users.indices.filter { oracle.groups(of: $0, groups).contains(index) }.map { users[$0] }
            #expect(page.items.map(\.holder) == expected.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        }
        for (index, role) in roles.enumerated() {
            var (found, token): ([UserID], String) = ([], "")
            repeat {
                let request = PageRequest(size: 1, token: token)
                let page = try await flows.holders(of: role, isEffective: true, request, world.system)
                found += page.items.map(\.user)
                token = page.nextPageToken ?? ""
            } while !token.isEmpty
            let expected = users.indices.filter { oracle.roles(of: $0, groups).contains(index) }.map { users[$0] }
            #expect(found == expected.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        }
    }
}
