import MariaDB
import Testing

@testable import Identity

/// SECURITY ADM-01, ADM-06: nobody goes, or is made to go, who alone may give a role.
@Suite(.serialized) struct LastOwnerTests {
    private static let owner = AssignmentTerms(mayGrant: true)

    @Test func `who alone may give a role does not leave, nor does the last of those who leave together`() async throws
    {
        let world = try await SignInWorld()
        let role = try await world.core.roles.create(name: "r", world.administrator).id
        let first = try await world.signInCompletely("a@example.com").session
        _ = try await world.core.membership.give(role, to: first.userID, on: Self.owner, world.administrator)
        await expectRefusal(.lastOwner) { try await world.core.users.leave(world.person(first)) }
        #expect(try await world.core.users.get(first.userID, world.administrator).state == .active)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
        let denied =
            "SELECT COUNT(*) FROM audit_events WHERE kind = 'caller.access_denied' AND reason = 'membership.last_owner'"
        #expect(try await world.number(denied) == 1)
        let second = try await world.signInCompletely("b@example.com").session
        _ = try await world.core.membership.give(role, to: second.userID, on: Self.owner, world.administrator)
        _ = try await world.core.users.leave(world.person(first))
        // The first can come back yet, and need not.
        await expectRefusal(.lastOwner) { try await world.core.users.leave(world.person(second)) }
        _ = try await world.core.users.undelete(first.userID, world.administrator)
        _ = try await world.core.users.leave(world.person(second))
    }

    @Test func `of two owners who leave at once one stays`() async throws {
        let world = try await SignInWorld(lanes: 8)
        for round in 0..<3 {
            let role = try await world.core.roles.create(name: "r\(round)", world.administrator).id
            var people: [CallContext] = []
            for name in ["a", "b"] {
                let session = try await world.signInCompletely("\(name)\(round)@example.com").session
                _ = try await world.core.membership.give(role, to: session.userID, on: Self.owner, world.administrator)
                people.append(world.person(session))
            }
            let both = people
            await withTaskGroup(of: Void.self) { group in
                for person in both { group.addTask { _ = try? await world.core.users.leave(person) } }
            }
        }
        #expect(try await world.number("SELECT COUNT(*) FROM users WHERE state = 1") == 3)
        #expect(try await world.number("SELECT COUNT(*) FROM users WHERE state = 4") == 3)
    }

    /// A role with one owner, who has it through a group if so wanted, and a help desk that has authority over the role.
    private func prepare(
        _ world: CoreWorld,
        throughGroup: Bool = false,
        until end: Timestamp? = nil
    ) async throws -> (role: RoleID, owner: UserID, desk: CallContext) {
        let (core, system) = (world.core, world.system)
        let role = try await core.roles.create(name: "r", system).id
        let owner = try await world.makeUser("owner@example.com").id
        if throughGroup {
            let group = try await core.groups.create(name: "g", system).id
            _ = try await core.membership.give(role, to: group, on: Self.owner, system)
            _ = try await core.membership.add(owner, to: group, system)
        } else {
            _ = try await core.membership.give(role, to: owner, on: Self.owner, system)
        }
        let scopes = ["users.*", "membership.*"]
        let (account, secret) = try await world.makeAccount("desk", scopes: scopes)
        _ = try await core.membership.give(role, to: account.id, on: AssignmentTerms(expiresAt: end), system)
        return (role, owner, try await world.context(bearer: secret))
    }

    @Test(arguments: [false, true]) func `nobody but an administrator deletes who alone may give a role`(
        throughGroup: Bool
    ) async throws {
        try await withCore { world in
            let (_, owner, desk) = try await prepare(world, throughGroup: throughGroup)
            await expectRefusal(.lastOwner) { try await world.core.users.delete(owner, desk) }
            await expectRefusal(.lastOwner) { try await world.core.users.delete(owner, immediately: true, desk) }
            let deleted = userRecord("owner@example.com") {
                ($0.state, $0.deleteAfter) = (.pendingDeletion, world.clock.now())
            }
            let imported = try await world.load([deleted], ImportOptions(conflict: .overwrite), desk)
            #expect(imported[0].outcome.problems.map(\.reason) == [.lastOwner])
            #expect(try await world.core.users.get(owner, world.system).state == .active)
            #expect(try await world.events(.accessDenied) == 3)
            _ = try await world.core.users.delete(owner, world.system)
            _ = try await world.core.users.delete(owner, immediately: true, world.system)
        }
    }

    @Test func `who alone may give a role is merged into nobody who may not`() async throws {
        try await withCore { world in
            let (role, owner, desk) = try await prepare(world)
            let (plain, none) = (
                try await world.makeUser("plain@example.com"), try await world.makeUser("none@example.com")
            )
            _ = try await world.core.membership.give(role, to: plain.id, world.system)
            await expectRefusal(.lastOwner) {
                try await world.core.users.merge(owner, into: plain.id, MergeChoices(), desk)
            }
            _ = try await world.core.users.merge(owner, into: none.id, MergeChoices(), desk)
            let kept =
                "SELECT COUNT(*) FROM user_roles WHERE may_grant AND user_id = UNHEX(REPLACE('\(none.id)', '-', ''))"
            #expect(try await world.number(kept) == 1)
        }
    }

    @Test func `a merge gives nothing for longer than who merges has it, and nothing without the right to give`()
        async throws
    {
        try await withCore { world in
            let end = world.clock.now() + .seconds(86_400)
            let (role, owner, desk) = try await prepare(world, until: end)
            let target = try await world.makeUser("target@example.com").id
            await expectRefusal(.authorityMissing) {
                try await world.core.users.merge(owner, into: target, MergeChoices(), desk)
            }
            let other = try await world.makeUser("other@example.com").id
            _ = try await world.core.membership.give(role, to: other, on: AssignmentTerms(expiresAt: end), world.system)
            var weak = desk
            guard case .serviceAccount(let caller) = desk.actor else { return }
            let scopes = try #require(ScopeSet(["users.*"]))
            let weaker = Caller(id: caller.id, name: "desk", scopes: scopes, credential: .certificate)
            weak.actor = .serviceAccount(weaker)
            let lesser = weak
            await expectRefusal(.permissionMissing) {
                try await world.core.users.merge(other, into: target, MergeChoices(), lesser)
            }
            _ = try await world.core.users.merge(other, into: target, MergeChoices(), desk)
            #expect(try await world.core.membership.holds(target, role, world.system))
        }
    }
}
