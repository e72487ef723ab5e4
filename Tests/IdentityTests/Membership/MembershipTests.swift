import MariaDB
import Testing

@testable import Identity

/// Giving and taking, ends, races, and what goes with what.
@Suite(.serialized) struct MembershipTests {
    @Test func `giving twice is giving once, and other terms replace the old ones`() async throws {
        try await withCore { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let user = try await world.makeUser("a@example.com").id
            let given = try await flows.give(role, to: user, world.system)
            world.clock.advance(.seconds(1))
            #expect(try await flows.give(role, to: user, world.system) == given)
            #expect(given.assignedBy == Assigner(kind: .system, id: nil))
            #expect(try await world.events(.roleGiven) == 1)
            let end = world.clock.now() + .seconds(60)
            let terms = AssignmentTerms(mayGrant: true, expiresAt: end)
            let again = try await flows.give(role, to: user, on: terms, world.system)
            #expect(again.terms == terms && again.assignedAt > given.assignedAt)
            #expect(try await world.events(.roleGiven) == 2)
            try await flows.take(role, from: user, world.system)
            try await flows.take(role, from: user, world.system)
            #expect(try await world.events(.roleTaken) == 1)
            await expectRefusal(.fieldInvalid) {
                try await flows.give(role, to: user, on: AssignmentTerms(expiresAt: world.clock.now()), world.system)
            }
            await expectRefusal(.notFound) { try await flows.give(role, to: UserID.zero, world.system) }
            await expectRefusal(.notFound) { try await flows.give(RoleID.zero, to: user, world.system) }
            await expectRefusal(.notFound) { try await flows.give(role, to: GroupID.zero, world.system) }
            await expectRefusal(.notFound) { try await flows.add(user, to: GroupID.zero, world.system) }
        }
    }

    @Test func `from its end on an assignment counts for nothing, and is purged`() async throws {
        try await withCore { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let (upper, lower) = try await pair(world)
            let user = try await world.makeUser("a@example.com").id
            let end = world.clock.now() + .seconds(60)
            _ = try await flows.give(role, to: upper, on: AssignmentTerms(expiresAt: end + .seconds(60)), world.system)
            _ = try await flows.add(user, to: lower, on: AssignmentTerms(expiresAt: end), world.system)
            world.clock.advance(.seconds(60) - .microseconds(1))
            #expect(try await flows.holds(user, role, world.system))
            let held = try await flows.roles(of: user, isEffective: true, world.system)
            #expect(held.map(\.terms.expiresAt) == [end])
            world.clock.advance(.microseconds(1))
            #expect(try await !flows.holds(user, role, world.system))
            #expect(try await flows.groups(of: user, isEffective: true, world.system).isEmpty)
            #expect(try await flows.explain(user, role, world.system).isEmpty)
            let page = try await flows.members(of: upper, isEffective: true, PageRequest(), world.system)
            #expect(page.items.isEmpty)
            _ = try await Purge(parts: world.parts).run()
            #expect(try await world.number("SELECT COUNT(*) FROM group_members") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM group_roles") == 1)
        }
    }

    @Test func `a role reaches everybody below at depth twenty, and the way is told`() async throws {
        try await withCore { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let user = try await world.makeUser("a@example.com").id
            var chain: [GroupID] = []
            for number in 0..<20 {
                let group = try await world.core.groups.create(name: "g\(number)", world.system).id
                if let last = chain.last { try await flows.nest(GroupEdge(parent: group, child: last), world.system) }
                chain.append(group)
            }
            _ = try await flows.add(user, to: chain[0], world.system)
            _ = try await flows.give(role, to: chain[19], world.system)
            #expect(try await flows.holds(user, role, world.system))
            let paths = try await flows.explain(user, role, world.system)
            #expect(paths == [RolePath(groups: chain, expiresAt: nil)])
            try await flows.move(chain[9], from: chain[10], to: chain[15], world.system)
            #expect(try await flows.explain(user, role, world.system).map(\.groups.count) == [15])
            let gone = try await world.core.groups.delete(chain[16], world.system)
            #expect(gone == DeletedGroup(members: 0, roles: 0, subgroups: 1, parents: 1))
            #expect(try await !flows.holds(user, role, world.system))
            #expect(try await flows.groups(of: user, isEffective: true, world.system).count == 11)
        }
    }

    @Test func `what goes with a role is told, and erasing a user takes what he had`() async throws {
        try await withCore { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let group = try await world.core.groups.create(name: "g", world.system).id
            let user = try await world.makeUser("a@example.com").id
            let (account, _) = try await world.makeAccount("shop", scopes: [])
            _ = try await flows.give(role, to: user, world.system)
            _ = try await flows.give(role, to: group, world.system)
            _ = try await flows.give(role, to: account.id, world.system)
            _ = try await flows.add(user, to: group, world.system)
            _ = try await world.core.users.delete(user, immediately: true, world.system)
            #expect(try await world.number("SELECT COUNT(*) FROM user_roles") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM group_members") == 0)
            let gone = try await world.core.roles.delete(role, world.system)
            #expect(gone == DeletedRole(users: 0, groups: 1, serviceAccounts: 1))
            #expect(try await world.number("SELECT COUNT(*) FROM group_roles") == 0)
        }
    }

    @Test func `fifty who give the same make one row and one event`() async throws {
        try await withCore(lanes: 8) { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let user = try await world.makeUser("a@example.com").id
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = try await flows.give(role, to: user, world.system) } }
                try await group.waitForAll()
            }
            #expect(try await world.number("SELECT COUNT(*) FROM user_roles") == 1)
            #expect(try await world.events(.roleGiven) == 1)
        }
    }

    @Test func `two who nest two groups in each other at once make no circle`() async throws {
        try await withCore(lanes: 8) { world in
            let flows = world.core.membership
            for round in 0..<10 {
                let a = try await world.core.groups.create(name: "a\(round)", world.system).id
                let b = try await world.core.groups.create(name: "b\(round)", world.system).id
                await withTaskGroup(of: Void.self) { group in
                    for edge in [GroupEdge(parent: a, child: b), GroupEdge(parent: b, child: a)] {
                        group.addTask { try? await flows.nest(edge, world.system) }
                    }
                }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM group_edges") == 10)
            #expect(try await world.number("SELECT COUNT(*) FROM group_closure") == 30)
        }
    }

    private func pair(_ world: CoreWorld) async throws -> (upper: GroupID, lower: GroupID) {
        let upper = try await world.core.groups.create(name: "upper", world.system).id
        let lower = try await world.core.groups.create(name: "lower", world.system).id
        try await world.core.membership.nest(GroupEdge(parent: upper, child: lower), world.system)
        return (upper, lower)
    }
}
