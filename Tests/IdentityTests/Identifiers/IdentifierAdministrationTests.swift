import MariaDB
import Testing

@testable import Identity

/// Names that administrators give and take, and what their owners may do with theirs.
struct IdentifierAdministrationTests {
    private let ada = "ada@example.com"

    @Test func `an administrator adds names that count as unproved, and nobody has one twice`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(ada)
        let flows = world.core.identifiers
        _ = try await flows.add(.phone, "+43 660 1234567", to: user, world.administrator)
        let named = try await flows.add(.username, "Ada", to: user, expectedRevision: 2, world.administrator)
        #expect(named.names == ["\(ada)*", "+43 660 1234567*", "Ada*"])
        #expect(named.identifiers.count { $0.verifiedAt != nil } == 1)
        await expectRefusal(.fieldInvalid) { try await flows.add(.username, "ada2", to: user, world.administrator) }
        let other = try await world.makeUser("bob@example.com")
        let refusal = await expectRefusal(.identifierTaken) {
            try await flows.add(.username, "ADA", to: other, world.administrator)
        }
        #expect(refusal?.field == "value")
        await expectRefusal(.revisionConflict) {
            try await flows.add(.email, "x@example.com", to: user, expectedRevision: 1, world.administrator)
        }
        await expectRefusal(.notFound) { try await flows.add(.email, "x@example.com", to: .zero, world.administrator) }
        #expect(try await world.notices(to: ada).contains("An address was added to your account at Gatehouse"))
    }

    @Test func `the main address is a proved one, and the next when it goes`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        _ = try await world.core.identifiers.add(.email, "typed@example.com", to: session.userID, world.administrator)
        let typed = try await world.identifier("typed@example.com", of: session.userID)
        await expectRefusal(.identifierUnverified) {
            try await world.core.identifiers.makePrimary(typed, of: session.userID, person)
        }
        _ = try await world.add("b@example.com", person)
        let second = try await world.identifier("b@example.com", of: session.userID)
        let user = try await world.core.identifiers.makePrimary(second, of: session.userID, person)
        #expect(user.names == [ada, "typed@example.com", "b@example.com*"])
        let same = try await world.core.identifiers.makePrimary(second, of: session.userID, person)
        #expect(same.revision == user.revision)
        let left = try await world.core.identifiers.remove(second, of: session.userID, person)
        #expect(left.names == ["\(ada)*", "typed@example.com"])
    }

    @Test func `nobody removes their last way in, and an administrator only with a word`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        let id = try await world.identifier(ada, of: session.userID)
        let flows = world.core.identifiers
        await expectRefusal(.lastWayIn) { try await flows.remove(id, of: session.userID, person) }
        await expectRefusal(.lastWayIn) { try await flows.remove(id, of: session.userID, world.administrator) }
        await expectRefusal(.fieldInvalid) {
            try await flows.remove(id, of: session.userID, evenIfLastWayIn: true, person)
        }
        let gone = try await flows.remove(id, of: session.userID, evenIfLastWayIn: true, world.administrator)
        #expect(gone.identifiers.isEmpty)
        #expect(try await world.notices(to: ada).contains("An address of your account was removed at Gatehouse"))
    }

    @Test func `nobody changes another's names, nor learns that they are there`() async throws {
        let world = try await SignInWorld()
        let bob = try await world.makeUser("bob@example.com")
        let eve = world.person(try await world.signInCompletely("eve@example.com").session)
        let id = try await world.identifier("bob@example.com", of: bob)
        let flows = world.core.identifiers
        await expectRefusal(.notFound) { try await flows.remove(id, of: bob, eve) }
        await expectRefusal(.notFound) { try await flows.makePrimary(id, of: bob, eve) }
        await expectRefusal(.notFound) { try await flows.setUsername("bobby", of: bob, eve) }
        await expectRefusal(.permissionMissing) { try await flows.add(.email, "x@example.com", to: bob, eve) }
        guard case .user(let session, _) = eve.actor else { return }
        await expectRefusal(.notFound) { try await flows.remove(id, of: session.userID, eve) }
    }

    @Test func `a user name is set, changed and removed, and its owner is told`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        let person = world.person(session)
        let flows = world.core.identifiers
        #expect(try await flows.setUsername("ada", of: session.userID, person).names == ["\(ada)*", "ada*"])
        let same = try await flows.setUsername("ada", of: session.userID, person)
        #expect(same.revision == 2)
        #expect(try await flows.setUsername("Lovelace", of: session.userID, person).names == ["\(ada)*", "Lovelace*"])
        #expect(try await flows.setUsername("", of: session.userID, person).names == ["\(ada)*"])
        await expectRefusal(.usernameInvalid) { try await flows.setUsername("a@b.example", of: session.userID, person) }
        let bob = try await world.makeUser("bob@example.com")
        _ = try await flows.setUsername("bob", of: bob, world.administrator)
        let refusal = await expectRefusal(.identifierTaken) {
            try await flows.setUsername("BOB", of: session.userID, world.administrator)
        }
        #expect(refusal?.field == "username")
        #expect(try await world.notices(to: ada).count { $0 == "Your user name was changed at Gatehouse" } == 3)
    }

    @Test func `a user has at most twenty names`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser(ada)
        let flows = world.core.identifiers
        for index in 1..<20 { _ = try await flows.add(.email, "a\(index)@example.com", to: user, world.administrator) }
        await expectRefusal(.tooManyIdentifiers) {
            try await flows.add(.email, "z@example.com", to: user, world.administrator)
        }
    }
}
