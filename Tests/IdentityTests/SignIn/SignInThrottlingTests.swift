import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The rows TH of SECURITY 1.14 through the engine.
@Suite struct SignInThrottlingTests {
    @Test func `five failures block an account's codes for five minutes, then ten, whatever the flow`() async throws {
        let world = try await SignInWorld()
        var waits: [Duration] = []
        for _ in 0..<2 {
            for failure in 0..<5 {
                let started = try await world.begin("a@example.com")
                #expect(try await world.submit("00000000", started.handle).shape == .tryAgain, "\(failure)")
                world.clock.advance(.seconds(61))
            }
            let started = try await world.begin("a@example.com")
            guard case .refused(.throttled(let wait)) = try await world.submit("00000000", started.handle) else {
                throw Unexpected(outcome: "not throttled")
            }
            waits.append(wait + .seconds(61))
            world.clock.advance(wait)
        }
        #expect(waits == [.seconds(300), .seconds(600)])
    }

    @Test func `five wrong codes stop the right one too`() async throws {
        let world = try await SignInWorld()
        let first = try await world.begin("a@example.com")
        for _ in 0..<4 { _ = try await world.submit("00000000", first.handle) }
        world.clock.advance(.seconds(61))
        _ = try await world.signIn.sendCode(first.handle, world.browser())
        _ = try await world.submit("00000000", first.handle)
        let code = try #require(try await world.code(to: "a@example.com"))
        let before = world.comparisons.count
        #expect(try await world.submit(code, first.handle).shape == .throttled)
        #expect(world.comparisons.count == before)
    }

    @Test func `a loop of new codes and guesses is stopped by the account's budget`() async throws {
        let world = try await SignInWorld()
        for _ in 0..<200 {
            let started = try await world.begin("a@example.com")
            for _ in 0..<5 { _ = try await world.submit("00000000", started.handle) }
            world.clock.advance(.seconds(61))
        }
        // 200 minutes: five at a time, with waits of 5, 10, 20, 40 and then 60 minutes.
        #expect(world.comparisons.count <= 40)
        #expect(world.comparisons.count >= 20)
    }

    @Test func `known and unknown names, and all spellings of them, share one budget`() async throws {
        for isKnown in [true, false] {
            let world = try await SignInWorld()
            if isKnown { _ = try await world.makeUser("ada@example.com") }
            let before = world.comparisons.count
            for spelling in [
                "ada@example.com", "ADA@example.com", "ada@EXAMPLE.com", "Ada@Example.Com", "aDA@example.com",
                "adA@example.com",
            ] {
                let started = try await world.begin(spelling, world.browser("192.0.2.\(spelling.hashValue & 127)"))
                _ = try await world.submit("00000000", started.handle)
                world.clock.advance(.seconds(61))
            }
            #expect(world.comparisons.count - before == 5)
        }
    }

    /// SECURITY TH-04.
    @Test func `a success resets its own account only, never its source or another account`() async throws {
        let world = try await SignInWorld {
            $0.throttling.source.limit = 12
            $0.throttling.prefix.limit = 12
        }
        let browser = world.browser("192.0.2.9")
        var shapes: [OutcomeShape] = []
        for _ in 0..<6 {
            let own = try await world.begin("attacker@example.com", browser)
            let code = try #require(try await world.code(to: "attacker@example.com"))
            shapes.append(try await world.submit(code, own.handle, browser).shape)
            let victim = try await world.begin("victim@example.com", browser)
            shapes.append(try await world.submit("00000000", victim.handle, browser).shape)
            world.clock.advance(.seconds(61))
        }
        // The fifth failure on the victim blocks it; the twelfth try uses the source up.
        #expect(shapes.filter { $0 == .signedIn }.count == 6)
        #expect(shapes.filter { $0 == .tryAgain }.count == 5)
        #expect(shapes.last == .throttled)
        let own = try await world.begin("attacker@example.com", browser)
        let code = try #require(try await world.code(to: "attacker@example.com"))
        #expect(try await world.submit(code, own.handle, browser).shape == .throttled)
        #expect(try await world.submit(code, own.handle, world.browser("198.51.100.1")).shape == .signedIn)
    }

    @Test func `an application tells a person's source once, and every later step counts for it`() async throws {
        let world = try await SignInWorld()
        let application = world.application(ServiceAccountID.make(at: world.clock.now(), random: SystemRandom()))
        var person = application
        person.source = SourceAddress("192.0.2.9")
        let limit = Int(CodePolicy().sendsPerSource)
        let toldFirst = try await world.signIn.begin(SignInRequest(), person).handle
        var sent = 0
        for number in 0...limit {
            do {
                let address = "a\(number)@example.com"
                _ = try await world.signIn.identify(toldFirst, identifier: address, application)
                sent += 1
            } catch {
                #expect(error.reason == .throttled)
            }
        }
        #expect(sent == limit)
        let toldLater = try await world.signIn.begin(SignInRequest(), application).handle
        person.source = SourceAddress("192.0.2.10")
        _ = try await world.signIn.identify(toldLater, identifier: "b@example.com", person)
        let counted = "SELECT COUNT(*) FROM throttles WHERE kind = 11"
        #expect(try await world.number(counted) == 0)
        _ = try await world.submit("00000000", toldLater, application)
        #expect(try await world.number(counted) == 1)
    }

    @Test func `tries of a blocked source are not counted against its victim`() async throws {
        let world = try await SignInWorld {
            $0.throttling.source.limit = 2
            $0.throttling.prefix.limit = 2
        }
        let victim = try await world.begin("victim@example.com")
        for _ in 0..<10 { _ = try await world.submit("00000000", victim.handle, world.browser("192.0.2.66")) }
        let code = try #require(try await world.code(to: "victim@example.com"))
        #expect(try await world.submit(code, victim.handle, world.browser("192.0.2.1")).shape == .signedIn)
    }

    /// SECURITY TH-07.
    @Test func `limits are shared by all nodes and survive a restart`() async throws {
        let world = try await SignInWorld()
        let other = try SignInWorld(world.configuration, clock: world.clock, post: world.post)
        let started = try await world.begin("a@example.com")
        for node in [world, other, world, other] { _ = try await node.submit("00000000", started.handle) }
        #expect(world.comparisons.count + other.comparisons.count == 4)
        world.clock.advance(.seconds(61))
        let restarted = try SignInWorld(world.configuration, clock: world.clock, post: world.post)
        let again = try await restarted.begin("a@example.com")
        #expect(try await restarted.submit("00000000", again.handle).shape == .tryAgain)
        let code = try #require(try await world.code(to: "a@example.com"))
        #expect(try await restarted.submit(code, again.handle).shape == .throttled)
    }

    @Test func `a hundred failures in a row disable the codes until an administrator clears them`() async throws {
        let world = try await SignInWorld {
            $0.throttling.account.limit = 1000
            $0.throttling.account.burst = nil
            $0.throttling.account.disableAfter = 8
        }
        let user = try await world.makeUser("a@example.com")
        for _ in 0..<2 {
            let started = try await world.begin("a@example.com")
            for _ in 0..<4 { _ = try await world.submit("00000000", started.handle) }
            world.clock.advance(.seconds(61))
        }
        world.clock.advance(.seconds(86_400 * 30))
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        let before = world.comparisons.count
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(world.comparisons.count == before)
        let throttles = try await world.core.throttles.get(user, world.administrator)
        #expect(throttles.contains { $0.kind == .triesOfAccount && $0.disabledAt != nil && $0.consecutive == 8 })
        try await world.core.throttles.clear(for: user, world.administrator)
        #expect(try await world.core.throttles.get(user, world.administrator).isEmpty)
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
    }

    @Test func `only those with the permission see and clear throttles`() async throws {
        let world = try await SignInWorld()
        let user = try await world.makeUser("a@example.com")
        let session = try await world.signInCompletely("a@example.com").session
        let own = CallContext(actor: .user(session, via: nil), requestID: "r", deadline: .after(.seconds(600)))
        for context in [world.browser(), own] {
            await #expect(throws: FlowError.self) { try await world.core.throttles.get(user, context) }
            await #expect(throws: FlowError.self) { try await world.core.throttles.clear(for: user, context) }
        }
        await #expect(throws: FlowError.self) { try await world.core.throttles.clear(for: .zero, world.administrator) }
    }

    @Test func `a source that begins flow after flow is stopped`() async throws {
        let world = try await SignInWorld {
            $0.throttling.beginsPerSource.limit = 3
            $0.throttling.beginsPerPrefix.limit = 3
        }
        var refusals = 0
        for _ in 0..<6 {
            do { _ = try await world.signIn.begin(SignInRequest(), world.browser()) } catch {
                #expect(error.code == .throttled(retryAfter: .seconds(900)))
                refusals += 1
            }
        }
        #expect(refusals == 3)
        #expect(try await world.number("SELECT COUNT(*) FROM sign_in_flows") == 3)
    }

    @Test func `a failing database lets nobody in`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        try world.run("RENAME TABLE throttles TO elsewhere")
        await #expect(throws: FlowError.self) { try await world.submit(code, started.handle) }
        #expect(world.comparisons.count == 0)
        try world.run("RENAME TABLE elsewhere TO throttles")
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
    }
}
