import Cryptography
import MariaDB
import Testing

@testable import Identity

/// PRODUCT section 1 and SECURITY RPC-14.
@Suite(.serialized) struct IdempotencyTests {
    private func request(_ email: String) -> NewUser {
        NewUser(identifiers: [NewIdentifier(kind: .email, value: email)])
    }

    @Test func `a call sent again has the same answer and no second effect`() async throws {
        try await withCore { world in
            let context = world.keyed(world.caller(["users.*"]), "k")
            let first = try await world.core.users.create(request("a@example.com"), context)
            world.clock.advance(.seconds(86_399))
            let second = try await world.core.users.create(request("a@example.com"), context)
            #expect(second == first)
            #expect(try await world.events(.userCreated) == 1)
        }
    }

    @Test func `an answer outlives the process that gave it`() async throws {
        try await withCore { world in
            let context = world.keyed(world.caller(["users.*"]), "k")
            let first = try await world.core.users.create(request("a@example.com"), context)
            let restarted = try CoreWorld(world.configuration, clock: world.clock)
            #expect(try await restarted.core.users.create(request("a@example.com"), context) == first)
        }
    }

    @Test func `another body under the same key is refused`() async throws {
        try await withCore { world in
            let caller = world.caller(["users.*"])
            _ = try await world.core.users.create(request("a@example.com"), world.keyed(caller, "k"))
            let refusal = await expectRefusal(.idempotencyKeyReused) {
                try await world.core.users.create(request("b@example.com"), world.keyed(caller, "k", body: 2))
            }
            #expect(refusal?.code == .alreadyExists)
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
        }
    }

    @Test func `a key belongs to its caller and method`() async throws {
        try await withCore { world in
            let (one, two) = (world.caller(["users.*"]), world.caller(["users.*"]))
            _ = try await world.core.users.create(request("a@example.com"), world.keyed(one, "k"))
            _ = try await world.core.users.create(request("b@example.com"), world.keyed(two, "k"))
            _ = try await world.core.users.create(request("c@example.com"), world.keyed(one, "k", method: "Test/Other"))
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 3)
        }
    }

    @Test func `a refused call leaves its key free`() async throws {
        try await withCore { world in
            let context = world.keyed(world.caller(["users.*"]), "k")
            let taken = try await world.makeUser("a@example.com")
            await expectRefusal(.identifierTaken) {
                try await world.core.users.create(request("a@example.com"), context)
            }
            #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys") == 0)
            _ = try await world.core.users.delete(taken.id, immediately: true, world.system)
            _ = try await world.core.users.create(request("a@example.com"), context)
        }
    }

    @Test func `a key is free again after a day`() async throws {
        try await withCore { world in
            let context = world.keyed(world.caller(["users.*"]), "k")
            let user = try await world.core.users.create(request("a@example.com"), context)
            world.clock.advance(.seconds(86_400))
            let other = world.keyed(context, "k", body: 2)
            let second = try await world.core.users.create(request("b@example.com"), other)
            #expect(second.id != user.id)
            #expect(try await world.core.users.create(request("b@example.com"), other) == second)
        }
    }

    @Test func `twenty copies of a call at once have one effect and one answer`() async throws {
        try await withCore(lanes: 8) { world in
            let context = world.keyed(world.caller(["users.*"]), "k")
            let results = await withTaskGroup(of: Result<User, FlowError>.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        await attempt { try await world.core.users.create(request("a@example.com"), context) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.compactMap(\.refusal).isEmpty)
            #expect(Set(results.compactMap(\.value)).count == 1)
            let users = try await world.number("SELECT COUNT(*) FROM users")
            #expect(users == 1)
        }
    }

    @Test func `a secret is answered again, and stored only sealed`() async throws {
        try await withCore { world in
            let (account, _) = try await world.makeAccount("shop", scopes: [])
            let context = world.keyed(world.caller(["*"]), "k")
            let first = try await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 1, context)
            let second = try await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 1, context)
            #expect(first.secret.isEqual(to: second.secret) && first.token == second.token)
            let text = try #require(first.secret.validatedUTF8String())
            #expect(
                try await world.number("SELECT COUNT(*) FROM idempotency_keys WHERE LOCATE('\(text)', answer) > 0") == 0
            )
            #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys WHERE answer <> ''") == 1)
        }
    }

    @Test func `an answer moved to another key, altered, or under a lost key opens no door`() async throws {
        try await withCore { world in
            let caller = world.caller(["users.*"])
            let (one, two) = (world.keyed(caller, "one"), world.keyed(caller, "two"))
            _ = try await world.core.users.create(request("a@example.com"), one)
            _ = try await world.core.users.create(request("b@example.com"), two)
            let other = try CoreWorld(world.configuration, clock: world.clock, keyRing: try CoreWorld.keyRing(byte: 8))
            await expectRefusal(.internalFailure) { try await other.core.users.create(request("a@example.com"), one) }
            try await world.run(
                "UPDATE idempotency_keys k, (SELECT MAX(answer) AS a FROM idempotency_keys) m SET k.answer = m.a"
            )
            let results = [
                await attempt { try await world.core.users.create(request("a@example.com"), one) },
                await attempt { try await world.core.users.create(request("b@example.com"), two) },
            ]
            #expect(results.compactMap(\.value).count == 1)
            #expect(results.compactMap(\.refusal?.reason) == [.internalFailure])
        }
    }
}
