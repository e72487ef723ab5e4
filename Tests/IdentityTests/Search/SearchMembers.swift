import MariaDB

@testable import Identity

/// Roles and groups that people of the oracle have, some for a time that ends before anybody searches.
struct SearchMembers {
    private(set) var roles: [RoleID] = []
    private(set) var groups: [GroupID] = []
    private let world: CoreWorld

    /// A chain of groups, each in the one before it; the second one gives a role.
    init(_ world: CoreWorld) async throws {
        self.world = world
        for number in 0..<3 { roles.append(try await world.core.roles.create(name: "Role \(number)", world.system).id) }
        for number in 0..<4 { groups.append(try await world.core.groups.create(name: "G\(number)", world.system).id) }
        for (parent, child) in zip(groups.prefix(3), groups.dropFirst()) {
            try await world.core.membership.nest(GroupEdge(parent: parent, child: child), world.system)
        }
        _ = try await world.core.membership.give(roles[2], to: groups[1], world.system)
        let short = AssignmentTerms(expiresAt: world.clock.now() + .seconds(600))
        _ = try await world.core.membership.give(roles[0], to: groups[3], on: short, world.system)
    }

    /// Gives a person some of them, and the oracle what is left in an hour.
    func give(_ person: inout SearchPerson, _ random: inout SeededGenerator) async throws {
        var (ownRoles, ownGroups, above): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
        for number in 0..<3 where Int.random(in: 0..<4, using: &random) == 0 {
            let isShort = Int.random(in: 0..<3, using: &random) == 0
            let terms = AssignmentTerms(expiresAt: isShort ? world.clock.now() + .seconds(600) : nil)
            _ = try await world.core.membership.give(roles[number], to: person.id, on: terms, world.system)
            if !isShort { ownRoles.insert(number) }
        }
        for number in 0..<4 where Int.random(in: 0..<5, using: &random) == 0 {
            let isShort = Int.random(in: 0..<3, using: &random) == 0
            let terms = AssignmentTerms(expiresAt: isShort ? world.clock.now() + .seconds(600) : nil)
            _ = try await world.core.membership.add(person.id, to: groups[number], on: terms, world.system)
            guard !isShort else { continue }
            ownGroups.insert(number)
            above.formUnion(0...number)
        }
        let reached = ownRoles.union(above.contains(1) ? [2] : [])
        func texts(_ start: String, _ numbers: Set<Int>) -> [SearchPerson.Value] {
            numbers.map { SearchPerson.Value.text(of: "\(start)\($0)") }
        }
        person.values["roles"] = texts("role ", reached)
        person.values["roles.direct"] = texts("role ", ownRoles)
        person.values["groups"] = texts("g", above)
        person.values["groups.direct"] = texts("g", ownGroups)
    }
}
