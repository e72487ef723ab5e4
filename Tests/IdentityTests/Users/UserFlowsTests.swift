import MariaDB
import Testing

@testable import Identity

@Suite(.serialized) struct UserFlowsTests {
    @Test func `a user is made, read, found and listed with all names as they were written`() async throws {
        try await withCore { world in
            let request = NewUser(
                identifiers: [
                    NewIdentifier(kind: .email, value: "Ada@Example.com"),
                    NewIdentifier(kind: .email, value: "second@example.com"),
                    NewIdentifier(kind: .phone, value: "+49 170 1234567"),
                    NewIdentifier(kind: .username, value: "Ada'; DROP TABLE users;--".filter { $0 != " " }),
                ],
                externalID: "old-7"
            )
            let made = try await world.core.users.create(request, world.system)
            #expect(made.state == .active && made.revision == 1 && made.externalID == "old-7")
            #expect(made.identifiers.map(\.isPrimary) == [true, false, true, true])
            #expect(made.identifiers.allSatisfy { $0.verifiedAt == nil })
            let users = world.core.users
            #expect(try await users.get(made.id, world.system) == made)
            for name in [
                UserName.email("ADA@example.COM"), .email("second@example.com"), .phone("+491701234567"),
                .username("ada';droptableusers;--"), .externalID("old-7"),
            ] {
                #expect(try await users.find(by: name, world.system).id == made.id)
            }
            #expect(try await users.list(PageRequest(), world.system).items == [made])
            #expect(try await world.events(.userCreated) == 1)
        }
    }

    @Test func `a name that another has is refused and told which it is`() async throws {
        try await withCore { world in
            _ = try await world.makeUser("taken@example.com")
            let request = NewUser(identifiers: [
                NewIdentifier(kind: .email, value: "free@example.com"),
                NewIdentifier(kind: .email, value: "TAKEN@example.com"),
            ])
            let refusal = await expectRefusal(.identifierTaken) {
                try await world.core.users.create(request, world.system)
            }
            #expect(refusal?.field == "identifiers[1]")
            #expect(refusal?.code == .alreadyExists)
            #expect(refusal.map { "\($0)".contains("taken@") } == false)
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM user_identifiers") == 1)
            #expect(try await world.events(.userCreated) == 1)
        }
    }

    @Test func `an external id belongs to one user and is compared byte by byte`() async throws {
        try await withCore { world in
            for id in ["a", "A", "a ", "é", "e\u{301}", "😀", "😁", "%", "_", "' OR 1=1 --", "\\"] {
                _ = try await world.core.users.create(NewUser(identifiers: [], externalID: id), world.system)
            }
            let again = NewUser(identifiers: [], externalID: "e\u{301}")
            await expectRefusal(.externalIDTaken) { try await world.core.users.create(again, world.system) }
            await expectRefusal(.notFound) { try await world.core.users.find(by: .externalID("B"), world.system) }
            for bad in ["", String(repeating: "x", count: 201), "a\u{0}b", "a\nb"] {
                await expectRefusal(.fieldInvalid) {
                    try await world.core.users.create(NewUser(identifiers: [], externalID: bad), world.system)
                }
                await expectRefusal(.fieldInvalid) {
                    try await world.core.users.find(by: .externalID(bad), world.system)
                }
            }
        }
    }

    @Test func `every problem of a request is told at once, each by its field`() async throws {
        try await withCore { world in
            let request = NewUser(
                identifiers: [
                    NewIdentifier(kind: .email, value: "a@b@c"), NewIdentifier(kind: .phone, value: "123"),
                    NewIdentifier(kind: .username, value: "a@example.com"), NewIdentifier(kind: .username, value: "ok"),
                ],
                externalID: ""
            )
            let refusal = await expectRefusal(.emailInvalid) {
                try await world.core.users.create(request, world.system)
            }
            guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "no problems") }
            #expect(
                problems.map(\.field) == [
                    "identifiers[0].value", "identifiers[1].value", "identifiers[2].value", "identifiers",
                    "external_id",
                ]
            )
            let many = NewUser(identifiers: (0..<21).map { NewIdentifier(kind: .email, value: "a\($0)@example.com") })
            await expectRefusal(.fieldTooLong) { try await world.core.users.create(many, world.system) }
        }
    }

    @Test func `an update writes what it names and nothing else`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            world.clock.advance(.seconds(1))
            let set = try await world.core.users.update(
                user.id,
                UserChanges(externalID: .some("x")),
                expectedRevision: 1,
                world.system
            )
            #expect(set.externalID == "x" && set.revision == 2 && set.updatedAt == world.clock.now())
            #expect(set.createdAt == user.createdAt && set.identifiers == user.identifiers)
            let same = try await world.core.users.update(user.id, UserChanges(), world.system)
            #expect(same == set)
            let removed = try await world.core.users.update(
                user.id,
                UserChanges(externalID: .some(nil)),
                expectedRevision: 2,
                world.system
            )
            #expect(removed.externalID == nil && removed.revision == 3)
            #expect(try await world.core.users.get(user.id, world.system) == removed)
        }
    }

    @Test func `an expected revision that is over is refused with the current one`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.core.users.disable(user.id, reason: "r", world.system)
            let refusal = await expectRefusal(.revisionConflict) {
                try await world.core.users.enable(user.id, expectedRevision: 1, world.system)
            }
            #expect(refusal?.code == .revisionConflict(current: 2))
            #expect(try await world.core.users.get(user.id, world.system).state == .disabled)
        }
    }

    @Test func `pages follow each other without a gap, and each state has its own list`() async throws {
        try await withCore { world in
            var made: [UserID] = []
            for index in 0..<25 {
                made.append(try await world.makeUser("u\(index)@example.com").id)
                world.clock.advance(.milliseconds(1))
            }
            for id in made.prefix(3) { _ = try await world.core.users.disable(id, reason: "", world.system) }
            #expect(
                try await pages(world, size: 7, state: nil)
                    == [made.prefix(7), made[7..<14], made[14..<21], made[21...]].map(Array.init)
            )
            #expect(try await pages(world, size: 2, state: .disabled) == [Array(made[0..<2]), [made[2]]])
            #expect(try await pages(world, size: 25, state: nil).count == 1)
            await expectRefusal(.pageSizeInvalid) {
                try await world.core.users.list(PageRequest(size: 1001), world.system)
            }
        }
    }

    @Test func `a lock that ran out is listed where it is shown: among the active`() async throws {
        try await withCore { world in
            var made: [UserID] = []
            for index in 0..<6 {
                made.append(try await world.makeUser("u\(index)@example.com").id)
                world.clock.advance(.milliseconds(1))
            }
            let (soon, late) = (world.clock.now() + .seconds(60), world.clock.now() + .seconds(600))
            for index in [1, 4] {
                _ = try await world.core.users.lock(made[index], until: soon, reason: "", world.system)
            }
            _ = try await world.core.users.lock(made[2], until: late, reason: "", world.system)
            #expect(try await pages(world, size: 10, state: .locked) == [[made[1], made[2], made[4]]])
            #expect(try await pages(world, size: 2, state: .active) == [[made[0], made[3]], [made[5]]])
            world.clock.advance(.seconds(60))
            #expect(try await pages(world, size: 10, state: .locked) == [[made[2]]])
            #expect(
                try await pages(world, size: 2, state: .active) == [
                    [made[0], made[1]], [made[3], made[4]], [made[5]],
                ]
            )
            let shown = try await world.core.users.list(PageRequest(), state: .active, world.system).items
            #expect(shown.allSatisfy { $0.state == .active })
        }
    }

    @Test func `an external id is its bytes, also when it is changed to one that looks the same`() async throws {
        try await withCore { world in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            let user = try await world.core.users.create(
                NewUser(identifiers: [], externalID: composed),
                world.system
            )
            let changes = UserChanges(externalID: .some(decomposed))
            let changed = try await world.core.users.update(user.id, changes, world.system)
            #expect(changed.revision == 2)
            #expect(try await world.core.users.find(by: .externalID(decomposed), world.system).id == user.id)
            await expectRefusal(.notFound) {
                try await world.core.users.find(by: .externalID(composed), world.system)
            }
        }
    }

    @Test func `nobody reads or writes users without the right to`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let other = try await world.makeUser("b@example.com")
            let session = try await world.makeSession(of: user.id).session
            let users = world.core.users
            #expect(try await users.get(user.id, world.person(session)).id == user.id)
            await expectRefusal(.notFound) { try await users.get(other.id, world.person(session)) }
            await expectRefusal(.notFound) { try await users.get(world.parts.makeID(), world.person(session)) }
            for context in [world.person(session), world.caller(["users.read"]), world.caller([])] {
                await expectRefusal(.permissionMissing) { try await users.disable(other.id, reason: "", context) }
                await expectRefusal(.permissionMissing) { try await users.delete(other.id, immediately: true, context) }
                await expectRefusal(.permissionMissing) { try await users.create(NewUser(identifiers: []), context) }
            }
            await expectRefusal(.permissionMissing) { try await users.list(PageRequest(), world.person(session)) }
            await expectRefusal(.permissionMissing) {
                try await users.find(by: .email("a@example.com"), world.person(session))
            }
            await expectRefusal(.permissionMissing) { try await users.get(user.id, world.caller(["users.write"])) }
            await expectRefusal(.credentialsMissing) { try await users.get(user.id, world.anonymous()) }
            #expect(try await users.get(user.id, world.caller(["users.*"])).id == user.id)
        }
    }

    private func pages(_ world: CoreWorld, size: UInt32, state: UserState?) async throws -> [[UserID]] {
        var (pages, token) = ([[UserID]](), "")
        repeat {
            let page = try await world.core.users.list(
                PageRequest(size: size, token: token),
                state: state,
                world.system
            )
            pages.append(page.items.map(\.id))
            token = page.nextPageToken ?? ""
        } while !token.isEmpty
        return pages
    }
}
