import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY PRI-02: what is left of a person who was erased.
@Suite(.serialized) struct ErasureTests {
    @Test func `erasing leaves nothing of a person but the id in the audit trail`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser("canary@example.com")
        let changes = UserChanges(externalID: .some("canary-7"))
        _ = try await world.core.users.update(user, changes, keyed("update", world.administrator))
        var browser = world.browser()
        browser.userAgent = "canary browser"
        _ = try await world.signInCompletely("canary@example.com", browser)
        world.clock.advance(.seconds(120))
        let open = try await world.begin("canary@example.com", browser)
        let code = try #require(try await world.code(to: "canary@example.com"))
        #expect(try await world.places(of: "canary").contains("sign_in_flows.`identifier_canonical`"))
        _ = try await world.core.users.delete(user, immediately: true, world.administrator)
        #expect(try await world.places(of: "canary") == [])
        for table in ["users", "user_identifiers", "sessions", "sign_in_flows", "one_time_codes"] {
            #expect(try await world.number("SELECT COUNT(*) FROM \(table)") == 0, "\(table)")
        }
        #expect(try await world.submit(code, open.handle).shape == .ended)
        let hex = "UNHEX(REPLACE('\(user)', '-', ''))"
        for table in ["outbox", "throttles"] {
            #expect(try await world.number("SELECT COUNT(*) FROM \(table) WHERE user_id = \(hex)") == 0, "\(table)")
        }
        #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE subject_user_id = \(hex)") > 0)
        #expect(try await world.makeUser("canary@example.com") != user)
    }

    @Test func `a sign-in begun before the account existed is forgotten with it`() async throws {
        let world = try await SignInWorld()
        let early = try await world.begin("canary@example.com")
        _ = try await world.code(to: "canary@example.com")
        world.clock.advance(.seconds(60))
        let user = try await world.signInCompletely("canary@example.com").session.userID
        _ = try await world.core.users.delete(user, immediately: true, world.administrator)
        #expect(try await world.places(of: "canary") == [])
        await expectRefusal(.signInFlowEnded) { try await world.signIn.view(early.handle, world.browser()) }
    }

    @Test func `the kept answer of a call tells nothing of a person who was erased, and has no second effect`()
        async throws
    {
        try await withCore { world in
            let request = NewUser(identifiers: [NewIdentifier(kind: .email, value: "canary@example.com")])
            let context = keyed("create", world.system)
            let user = try await world.core.users.create(request, context)
            _ = try await world.core.users.disable(user.id, reason: "r", keyed("disable", world.system))
            let other = try await world.core.users.create(NewUser(identifiers: []), keyed("other", world.system))
            let erase = keyed("erase", world.system)
            _ = try await world.core.users.delete(user.id, immediately: true, erase)
            #expect(try await world.core.users.delete(user.id, immediately: true, erase) == nil)
            #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys WHERE answer = ''") == 2)
            let guessable = "body_hash = UNHEX(REPEAT('01', 32))"
            #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys WHERE \(guessable)") == 2)
            await expectRefusal(.notFound) { try await world.core.users.create(request, context) }
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
            let again = try await world.core.users.create(NewUser(identifiers: []), keyed("other", world.system))
            #expect(again == other)
        }
    }

    @Test func `a code sent before a user was disabled is no good after he was enabled again`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser("a@example.com")
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        _ = try await world.core.users.disable(user, reason: "stolen mailbox", world.administrator)
        _ = try await world.core.users.enable(user, world.administrator)
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE created_at > NOW(6)") == 0)
    }

    private func keyed(_ key: String, _ context: CallContext) -> CallContext {
        var context = context
        let hash = [UInt8](repeating: 1, count: 32)
        context.idempotency = IdempotencyKey(key: Array(key.utf8), method: "Test/\(key)", bodyHash: hash)
        return context
    }
}
