import MariaDB
import Testing

@testable import Identity

/// SECURITY ADM-01, ADM-02, ADM-03, ADM-06, ADM-08.
@Suite(.serialized) struct AuthorityTests {
    @Test func `a service account gives what it was given to administer, and acts on nobody who has more`() async throws
    {
        try await withCore { world in
            let (flows, roles) = (world.core.membership, world.core.roles)
            let admin = try await roles.create(name: "admin", world.system).id
            let clerk = try await roles.create(name: "clerk", world.system).id
            let boss = try await world.makeUser("boss@example.com").id
            let staff = try await world.makeUser("staff@example.com").id
            _ = try await flows.give(admin, to: boss, world.system)
            let scopes = ["membership.*", "users.*", "sessions.*"]
            let (account, secret) = try await world.makeAccount("desk", scopes: scopes)
            _ = try await flows.give(clerk, to: account.id, world.system)
            let desk = try await world.context(bearer: secret)
            _ = try await flows.give(clerk, to: staff, desk)
            await expectRefusal(.authorityMissing) { try await flows.give(admin, to: staff, desk) }
            await expectRefusal(.authorityMissing) { try await flows.give(clerk, to: boss, desk) }
            await expectRefusal(.authorityMissing) { try await flows.take(admin, from: boss, desk) }
            await expectRefusal(.authorityMissing) { try await flows.give(admin, to: account.id, desk) }
            await expectRefusal(.authorityMissing) {
                try await roles.update(admin, CollectiveChanges(name: "x"), desk)
            }
            await expectRefusal(.authorityMissing) { try await roles.delete(admin, desk) }
            // An empty group is everybody's; one that gives what the account has not is not.
            let own = try await world.core.groups.create(name: "own", desk).id
            let admins = try await world.core.groups.create(name: "admins", world.system).id
            _ = try await flows.give(admin, to: admins, world.system)
            await expectRefusal(.authorityMissing) { try await flows.give(admin, to: own, desk) }
            for edge in [GroupEdge(parent: own, child: admins), GroupEdge(parent: admins, child: own)] {
                await expectRefusal(.authorityMissing) { try await flows.nest(edge, desk) }
            }
            await expectRefusal(.authorityMissing) { try await flows.add(staff, to: admins, desk) }
            await expectRefusal(.authorityMissing) { try await world.core.groups.delete(admins, desk) }
            await expectRefusal(.authorityMissing) { try await world.core.users.disable(boss, reason: "", desk) }
            await expectRefusal(.authorityMissing) {
                try await world.core.users.delete(boss, immediately: true, desk)
            }
            await expectRefusal(.authorityMissing) {
                try await world.core.sessions.list(boss, PageRequest(), desk)
            }
            await expectRefusal(.authorityMissing) { try await world.core.sessions.revokeAll(of: boss, desk) }
            await expectRefusal(.authorityMissing) { try await world.core.throttles.clear(for: boss, desk) }
            _ = try await world.core.users.disable(staff, reason: "", desk)
            // At once: what is taken is gone with the next call.
            try await flows.take(clerk, from: account.id, world.system)
            await expectRefusal(.authorityMissing) { try await flows.take(clerk, from: staff, desk) }
        }
    }

    /// ADM-03: every act on a user, by a help desk that has the scopes for all of them.
    @Test func `a help desk acts on staff, and on nobody who has a role that it has not`() async throws {
        try await withCore { world in
            let role = try await world.core.roles.create(name: "admin", world.system).id
            let scopes = ["users.*", "sessions.*", "profiles.*", "membership.*", "export.users"]
            let desk = world.caller(scopes)
            let core = world.core
            typealias Act = (name: String, run: (User, User) async throws -> Void)
            let acts: [Act] = [
                (
                    "update",
                    { user, _ in _ = try await core.users.update(user.id, UserChanges(externalID: .some("x")), desk) }
                ),
                ("profile", { user, _ in try await world.set(#"{"name":"X"}"#, of: user, desk) }),
                ("sessions", { user, _ in _ = try await core.sessions.list(user.id, PageRequest(), desk) }),
                ("end sessions", { user, _ in _ = try await core.sessions.revokeAll(of: user.id, desk) }),
                (
                    "end a session",
                    { user, _ in
                        let id = try await core.sessions.list(user.id, PageRequest(), world.system).items.first?.id
                        if let id { try await core.sessions.revoke(id, desk) }
                    }
                ),
                ("clear limits", { user, _ in try await core.throttles.clear(for: user.id, desk) }),
                ("void the password", { user, _ in try await core.passwords.demandReset(of: user.id, desk) }),
                ("remove the password", { user, _ in try await core.passwords.remove(of: user.id, desk) }),
                ("remove an app", { user, _ in try await core.totp.remove(.zero, of: user.id, desk) }),
                ("remove a passkey", { user, _ in try await core.passkeys.remove(.zero, of: user.id, desk) }),
                ("export", { user, _ in _ = try await core.users.export(user.id, desk) }),
                (
                    "name",
                    { user, _ in _ = try await core.identifiers.setUsername("n\(user.id)", of: user.id, desk) }
                ),
                (
                    "address",
                    { user, _ in
                        let address = "more\(user.id)@example.com"
                        _ = try await core.identifiers.add(.email, address, to: user.id, desk)
                    }
                ),
                (
                    "merge into",
                    { user, other in _ = try await core.users.merge(other.id, into: user.id, MergeChoices(), desk) }
                ),
                (
                    "merge away",
                    { user, other in _ = try await core.users.merge(user.id, into: other.id, MergeChoices(), desk) }
                ),
                (
                    "lock",
                    { user, _ in
                        let end = world.clock.now() + .seconds(60)
                        _ = try await core.users.lock(user.id, until: end, reason: "", desk)
                    }
                ),
                ("unlock", { user, _ in _ = try await core.users.unlock(user.id, desk) }),
                ("disable", { user, _ in _ = try await core.users.disable(user.id, reason: "", desk) }),
                ("enable", { user, _ in _ = try await core.users.enable(user.id, desk) }),
                ("delete", { user, _ in _ = try await core.users.delete(user.id, desk) }),
                ("undelete", { user, _ in _ = try await core.users.undelete(user.id, desk) }),
                ("erase", { user, _ in _ = try await core.users.delete(user.id, immediately: true, desk) }),
            ]
            for (number, act) in acts.enumerated() {
                let boss = try await world.makeUser("boss\(number)@example.com")
                let staff = try await world.makeUser("staff\(number)@example.com")
                let other = try await world.makeUser("other\(number)@example.com")
                for user in [boss, staff] { _ = try await world.makeSession(of: user.id) }
                _ = try await core.membership.give(role, to: boss.id, world.system)
                let events = try await world.number("SELECT COUNT(*) FROM audit_events")
                let refusal = await expectRefusal(.authorityMissing) { try await act.run(boss, other) }
                #expect(refusal != nil, "\(act.name)")
                // That it was tried, and nothing else.
                #expect(try await world.number("SELECT COUNT(*) FROM audit_events") == events + 1, "\(act.name)")
                #expect(try await world.events(.accessDenied) == Int64(number + 1), "\(act.name)")
                do {
                    try await act.run(staff, other)
                } catch let refusal as FlowError {
                    // There is nothing of the kind to remove, or no state to leave.
                    #expect(refusal.reason != .authorityMissing && refusal.reason != .permissionMissing, "\(act.name)")
                }
            }
        }
    }

    @Test func `a person passes on what he may, for no longer than he may`() async throws {
        try await withCore { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let lead = try await world.makeUser("lead@example.com").id
            let other = try await world.makeUser("other@example.com").id
            let person = try await world.administrator(lead)
            _ = try await flows.give(role, to: lead, world.system)
            await expectRefusal(.authorityMissing) { try await flows.give(role, to: other, person) }
            let end = world.clock.now() + .seconds(100)
            let terms = AssignmentTerms(mayGrant: true, expiresAt: end)
            _ = try await flows.give(role, to: lead, on: terms, world.system)
            await expectRefusal(.authorityMissing) { try await flows.give(role, to: other, person) }
            await expectRefusal(.authorityMissing) { try await flows.give(role, to: lead, person) }
            let given = try await flows.give(role, to: other, on: AssignmentTerms(expiresAt: end), person)
            #expect(given.assignedBy.kind == .user && given.assignedBy.id == lead.bytes)
            #expect(try await flows.holds(lead, role, person))
            await expectRefusal(.notFound) { try await flows.holds(other, role, person) }
            await expectRefusal(.lastOwner) { try await flows.take(role, from: lead, person) }
            await expectRefusal(.lastOwner) {
                try await flows.give(role, to: lead, on: AssignmentTerms(expiresAt: end), person)
            }
            try await flows.take(role, from: lead, world.system)
        }
    }

    /// ADM-07: whoever administers proved it by what cannot be phished, unless the policy says otherwise.
    @Test(arguments: [
        (AssuranceDemand.passkey, [false, false, false, true]), (.aal2, [false, true, true, true]),
        (.nothing, [true, true, true, true]),
    ]) func `a person gives and takes with the proof that administration demands`(
        demand: AssuranceDemand,
        isEnough: [Bool]
    ) async throws {
        try await withCore({ $0.administrationDemand = demand }) { world in
            let flows = world.core.membership
            let role = try await world.core.roles.create(name: "r", world.system).id
            let lead = try await world.makeUser("lead@example.com").id
            let other = try await world.makeUser("other@example.com").id
            _ = try await flows.give(role, to: lead, on: AssignmentTerms(mayGrant: true), world.system)
            let sessions: [(AssuranceLevel, [String])] = [
                (.aal1, ["otp"]), (.aal2, ["pwd", "sms"]), (.aal2, ["pwd", "otp"]), (.aal2, ["hwk", "user"]),
            ]
            var demanded: Int64 = 0
            for (session, isEnough) in zip(sessions, isEnough) {
                let made = try await world.makeSession(of: lead, level: session.0, methods: session.1)
                let person = world.person(made.session)
                if isEnough {
                    _ = try await flows.give(role, to: other, person)
                    try await flows.take(role, from: other, person)
                } else {
                    demanded += 2
                    await expectRefusal(.stepUpRequired) { try await flows.give(role, to: other, person) }
                    await expectRefusal(.stepUpRequired) { try await flows.take(role, from: other, person) }
                }
                #expect(try await flows.holds(other, role, world.system) == false)
                #expect(try await world.events(.stepUpDemanded) == demanded)
            }
        }
    }

    @Test func `of two owners who remove each other at once one stays`() async throws {
        try await withCore(lanes: 8) { world in
            let flows = world.core.membership
            for round in 0..<10 {
                let role = try await world.core.roles.create(name: "r\(round)", world.system).id
                let first = try await world.makeUser("a\(round)@example.com").id
                let second = try await world.makeUser("b\(round)@example.com").id
                var people: [CallContext] = []
                for user in [first, second] {
                    _ = try await flows.give(role, to: user, on: AssignmentTerms(mayGrant: true), world.system)
                    people.append(try await world.administrator(user))
                }
                let both = people
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await flows.take(role, from: second, both[0]) }
                    group.addTask { try? await flows.take(role, from: first, both[1]) }
                }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM user_roles") == 10)
        }
    }

    /// ADM-01: whatever is tried, and whatever of it is allowed, the actor's roles never become more.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func `no sequence of calls gives the actor more`(seed: UInt64) async throws {
        try await withCore { world in
            var random = MembershipGraphTests.Seeded(state: seed)
            let flows = world.core.membership
            var (groups, roles, users): ([GroupID], [RoleID], [UserID]) = ([], [], [])
            for number in 0..<6 {
                groups.append(try await world.core.groups.create(name: "g\(number)", world.system).id)
            }
            for number in 0..<5 { roles.append(try await world.core.roles.create(name: "r\(number)", world.system).id) }
            for number in 0..<3 { users.append(try await world.makeUser("u\(number)@example.com").id) }
            let actor = users[0]
            let person = try await world.administrator(actor)
            /// Tries one act of many on anything; refusals are part of the play.
            func act(_ context: CallContext, canGrant: Bool) async {
                let (a, b) = (Int.random(in: 0..<6, using: &random), Int.random(in: 0..<6, using: &random))
                let (role, user) = (roles[b % 5], users[a % 3])
                let terms = AssignmentTerms(mayGrant: canGrant && Bool.random(using: &random))
                switch Int.random(in: 0..<9, using: &random) {
                case 0: try? await flows.nest(GroupEdge(parent: groups[a], child: groups[b]), context)
                case 1: try? await flows.unnest(GroupEdge(parent: groups[a], child: groups[b]), context)
                case 2, 3: _ = try? await flows.give(role, to: user, on: terms, context)
                case 4, 5: _ = try? await flows.give(role, to: groups[a], on: terms, context)
                case 6: _ = try? await flows.add(user, to: groups[b], on: terms, context)
                case 7: try? await flows.take(role, from: user, context)
                default: try? await flows.remove(user, from: groups[b], context)
                }
            }
            for _ in 0..<25 { await act(world.system, canGrant: true) }
            var before = try await holdings(actor, world)
            for _ in 0..<100 {
                await act(person, canGrant: true)
                let after = try await holdings(actor, world)
                #expect(after.isSubset(of: before), "seed \(seed)")
                before = after
            }
        }
    }

    /// Roles as such, and those that may be passed on.
    private func holdings(_ user: UserID, _ world: CoreWorld) async throws -> Set<String> {
        let held = try await world.core.membership.roles(of: user, isEffective: true, world.system)
        return Set(held.flatMap { ["\($0.role)", $0.terms.mayGrant ? "\($0.role) to grant" : "\($0.role)"] })
    }
}
