import Cryptography
import MariaDB
import Testing

@testable import Identity

/// Guessing across many accounts, across many passwords and from many places (SECURITY TH-01, TH-08, TH-11).
@Suite(.timeLimit(.minutes(10)))
struct SprayTests {
    /// How many guesses reached a password, of all that were made.
    private func verified(_ guesses: Int, _ guess: (Int) async throws -> SignInOutcome) async throws -> Int {
        var reached = 0
        for number in 0..<guesses {
            do {
                if try await guess(number).shape == .tryAgain { reached += 1 }
            } catch let refusal as FlowError {
                #expect(refusal.reason == .throttled)
            }
        }
        return reached
    }

    @Test(arguments: [true, false]) func `one password against many accounts stops at the limit of its source`(
        isKnown: Bool
    ) async throws {
        let world = try await SignInWorld.withPasswords { $0.throttling.source.limit = 20 }
        if isKnown {
            for number in 0..<5 { try await world.userWithPassword("user\(number)@example.com") }
        }
        let reached = try await verified(60) { number in
            try await world.tryPassword("summer sun 2026 x", of: "user\(number)@example.com").outcome
        }
        #expect(reached == 20)
        // Somebody elsewhere is not kept out by it.
        let elsewhere = world.browser("198.51.100.7")
        #expect(try await world.tryPassword("wrong", of: "other@example.com", elsewhere).outcome.shape == .tryAgain)
    }

    @Test func `one password against many accounts from many addresses stops at the limit of their prefix, and of all`()
        async throws
    {
        let world = try await SignInWorld.withPasswords {
            $0.throttling.prefix.limit = 15
            $0.throttling.total.limit = 40
            $0.throttling.totalShards = 1
        }
        let neighbours = try await verified(30) { number in
            let browser = world.browser("2001:db8::\(String(number + 1, radix: 16))")
            return try await world.tryPassword("summer sun 2026 x", of: "a\(number)@example.com", browser).outcome
        }
        #expect(neighbours == 15)
        let everywhere = try await verified(60) { number in
            let browser = world.browser("2001:db8:\(String(number + 1, radix: 16))::1")
            return try await world.tryPassword("summer sun 2026 x", of: "b\(number)@example.com", browser).outcome
        }
        // The tries that the prefix refused may have been counted in the total before it, and none is counted less.
        #expect(everywhere <= 40 - neighbours && everywhere > 0)
    }

    @Test func `many passwords against one account from a thousand addresses stop at its own limit`() async throws {
        let world = try await SignInWorld.withPasswords()
        let owner = try await world.userWithPassword("ada@example.com")
        let reached = try await verified(1000) { number in
            let browser = world.browser("198.51.\(number / 250).\(number % 250)")
            return try await world.tryPassword("guess number \(number) of many", of: "ada@example.com", browser).outcome
        }
        #expect(reached == 5)
        // Whoever has the time: at most a hundred in a row, then the password is switched off until it is cleared.
        var later = reached
        for day in 0..<60 {
            world.clock.advance(.seconds(86_400))
            later += try await verified(5) { number in
                let browser = world.browser("203.0.\(day).\(number)")
                let guess = "guess \(day) \(number) later"
                return try await world.tryPassword(guess, of: "ada@example.com", browser).outcome
            }
        }
        #expect(later <= 100)
        let throttles = try await world.core.throttles.get(owner.userID, world.administrator)
        #expect(throttles.contains { $0.kind == .triesOfAccount && $0.disabledAt != nil })
        #expect(try await world.tryPassword(SignInWorld.password, of: "ada@example.com").outcome.shape != .signedIn)
    }

    /// SECURITY TH-11.
    @Test func `a name that changes hands takes no counter along and leaves none behind`() async throws {
        let world = try await SignInWorld.withPasswords()
        let victim = try await world.userWithPassword("victim@example.com")
        let other = try await world.userWithPassword("other@example.com")
        let core = world.core
        _ = try await core.identifiers.setUsername("captain", of: victim.userID, world.administrator)
        func tries(_ name: String, _ count: Int) async throws -> Int {
            try await verified(count) { _ in try await world.tryPassword("not the password at all", of: name).outcome }
        }
        #expect(try await tries("captain", 8) == 5)
        // The old name goes to somebody else: he is not kept out by what was done to it.
        _ = try await core.identifiers.setUsername("skipper", of: victim.userID, world.administrator)
        _ = try await core.identifiers.setUsername("captain", of: other.userID, world.administrator)
        _ = try await world.signInByPassword("captain")
        // And the one who had it is, by all his names: a new one gives no new tries.
        for name in ["skipper", "victim@example.com"] { #expect(try await tries(name, 3) == 0) }
        // Failures under the old name count against its new owner only.
        world.clock.advance(.seconds(7200))
        #expect(try await tries("captain", 8) == 5)
        _ = try await world.signInByPassword("skipper")
        // Failures under a name while nobody has it keep nobody out who takes it.
        world.clock.advance(.seconds(7200))
        #expect(try await tries("nobody", 8) == 5)
        _ = try await core.identifiers.setUsername("nobody", of: victim.userID, world.administrator)
        _ = try await world.signInByPassword("nobody")
    }

    /// SECURITY TH-08: a key is a row that goes; the process keeps nothing of it.
    @Test func `keys that nobody touches any more are gone, however many`() async throws {
        let world = try await SignInWorld()
        let keys = ThrottleKeys(keyRing: world.core.parts.keyRing)
        let rule = ThrottlePolicy().account
        func count(from first: Int, to last: Int) async throws {
            for start in stride(from: first, to: last, by: 1000) {
                let now = world.clock.now()
                try await world.database.transaction(deadline: .after(.seconds(600))) { transaction in
                    for number in start..<min(start + 1000, last) {
                        let identity = Array("key \(number)".utf8)
                        let subject = keys.subject(.triesOfAccount, label: "test", identity: identity, rule: rule)
                        _ = try ThrottleStore(policy: ThrottlePolicy()).count([subject], at: now, transaction)
                    }
                }
            }
        }
        try await count(from: 0, to: 10_000)
        #expect(try await world.number("SELECT COUNT(*) FROM throttles") == 10_000)
        // Failures in a row stay for a year, of names that nobody has, too.
        world.clock.advance(.seconds(366 * 86_400))
        let purge = Purge(parts: world.core.parts)
        while try await purge.run() ?? 0 > 0 {}
        #expect(try await world.number("SELECT COUNT(*) FROM throttles") == 0)
    }
}
