import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY REC-04: an old address takes a change back, for 72 hours and once.
struct IdentifierUndoTests {
    private let ada = "ada@example.com"
    private let evil = "evil@example.com"

    @Test func `the old address gets its account back, and whoever changed it is out`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        let person = world.person(session)
        let old = try await world.identifier(ada, of: session.userID)
        _ = try await world.add(evil, replacing: old, person)
        let secret = try await world.linkSecret(to: ada)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(evil)
        #expect(try await world.core.identifiers.canUndo(secret, world.browser()))
        try await world.core.identifiers.undo(secret, world.browser())
        let user = try await world.core.users.get(session.userID, world.administrator)
        #expect(user.names == ["\(ada)*"] && user.identifiers.first?.verifiedAt != nil)
        #expect(user.identifiers.first?.id == old)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        #expect(try await world.notices(to: evil).contains("A change of your addresses was taken back at Gatehouse"))
        await expectRefusal(.notFound) { try await world.core.identifiers.undo(secret, world.browser()) }
        #expect(try await world.core.identifiers.canUndo(secret, world.browser()) == false)
        world.clock.advance(.seconds(3600))
        #expect(try await world.signInCompletely(ada).session.userID == session.userID)
    }

    @Test func `changes upon changes fall with the first, and their secrets too`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        let person = world.person(session)
        let old = try await world.identifier(ada, of: session.userID)
        _ = try await world.add(evil, replacing: old, person)
        let first = try await world.linkSecret(to: ada)
        world.clock.advance(.seconds(60))
        let second = try await world.identifier(evil, of: session.userID)
        _ = try await world.add("worse@example.com", replacing: second, person)
        let later = try await world.linkSecret(to: evil)
        try await world.core.identifiers.undo(first, world.browser())
        #expect(try await world.core.users.get(session.userID, world.administrator).names == ["\(ada)*"])
        await expectRefusal(.notFound) { try await world.core.identifiers.undo(later, world.browser()) }
    }

    @Test func `what was added is removed and what was removed comes back`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        let person = world.person(session)
        _ = try await world.add(evil, person)
        try await world.core.identifiers.undo(world.linkSecret(to: ada), world.browser())
        #expect(try await world.core.users.get(session.userID, world.administrator).names == ["\(ada)*"])
        world.clock.advance(.seconds(3600))
        let again = world.person(try await world.signInCompletely(ada).session)
        world.clock.advance(.seconds(1))
        _ = try await world.add("b@example.com", again)
        _ = try await world.notices(to: ada)
        world.clock.advance(.seconds(60))
        let main = try await world.identifier(ada, of: session.userID)
        let removed = try await world.core.identifiers.remove(main, of: session.userID, again)
        #expect(removed.names == ["b@example.com*"])
        try await world.core.identifiers.undo(world.linkSecret(to: ada), world.browser())
        let names = try await world.core.users.get(session.userID, world.administrator).names
        #expect(names == ["\(ada)*", "b@example.com"])
    }

    @Test func `an address that was removed after the change comes back with it`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        let person = world.person(session)
        _ = try await world.add(evil, person)
        let secret = try await world.linkSecret(to: ada)
        world.clock.advance(.seconds(60))
        let main = try await world.identifier(ada, of: session.userID)
        _ = try await world.core.identifiers.remove(main, of: session.userID, person)
        try await world.core.identifiers.undo(secret, world.browser())
        #expect(try await world.core.users.get(session.userID, world.administrator).names == ["\(ada)*"])
    }

    @Test func `a secret is good until 72 hours are over and not a moment longer`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        _ = try await world.add(evil, world.person(session))
        let secret = try await world.linkSecret(to: ada)
        world.clock.advance(.seconds(259_200) - .microseconds(1))
        #expect(try await world.core.identifiers.canUndo(secret, world.browser()))
        world.clock.advance(.microseconds(1))
        #expect(try await world.core.identifiers.canUndo(secret, world.browser()) == false)
        await expectRefusal(.notFound) { try await world.core.identifiers.undo(secret, world.browser()) }
        let stored = try await world.number(
            "SELECT COUNT(*) FROM identifier_undos WHERE LOCATE('ghu_', token_hash) > 0"
        )
        #expect(stored == 0)
    }

    @Test func `an address that is another's by now does not come back, and nothing changes`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        let old = try await world.identifier(ada, of: session.userID)
        _ = try await world.add(evil, replacing: old, world.person(session))
        let secret = try await world.linkSecret(to: ada)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(ada)
        await expectRefusal(.identifierTaken) { try await world.core.identifiers.undo(secret, world.browser()) }
        #expect(try await world.core.users.get(session.userID, world.administrator).names == ["\(evil)*"])
        #expect(try await world.core.identifiers.canUndo(secret, world.browser()))
    }

    @Test func `of many who bring one secret at once, one takes the change back`() async throws {
        let world = try await SignInWorld(lanes: 8)
        let session = try await world.signInCompletely(ada).session
        world.clock.advance(.seconds(1))
        _ = try await world.add(evil, world.person(session))
        let secret = try await world.linkSecret(to: ada)
        let undone = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await attempt { try await world.core.identifiers.undo(secret, world.browser()) }.refusal == nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(undone == 1)
        #expect(
            try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'identifier.change_undone'") == 1
        )
    }

    @Test func `wrong secrets are counted by where they come from`() async throws {
        let world = try await SignInWorld()
        let wrong = TokenText.make(.undo, random: SystemRandom()).token
        for _ in 0..<100 {
            await expectRefusal(.notFound) { try await world.core.identifiers.undo(wrong, world.browser()) }
        }
        await expectRefusal(.throttled) { try await world.core.identifiers.undo(wrong, world.browser()) }
        await expectRefusal(.notFound) { try await world.core.identifiers.undo(wrong, world.browser("198.51.100.1")) }
    }
}
