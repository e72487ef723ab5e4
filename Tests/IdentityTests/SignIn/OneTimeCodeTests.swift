import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The rows OTP of SECURITY 1.2, against a real database.
@Suite struct OneTimeCodeTests {
    @Test func `a mailed code signs a new person in and makes the user with the address verified`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely("Ada@example.com")
        #expect(signedIn.isNewUser)
        #expect(signedIn.session.level == .aal1)
        #expect(signedIn.session.methods == ["otp"])
        let user = try await world.core.users.get(signedIn.session.userID, world.administrator)
        #expect(user.identifiers.map(\.value) == ["Ada@example.com"])
        #expect(user.identifiers.first?.verifiedAt == world.clock.now())
        let session = try await world.core.sessions.validate(token: signedIn.token, world.administrator)
        #expect(session.id == signedIn.session.id)
    }

    @Test func `a code has eight letters of Crockford's alphabet shown in two groups`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        guard case .code(let step) = started.view.steps.first else { throw Unexpected(outcome: "no code step") }
        #expect(step.length == 8)
        #expect(step.maskedAddress == "a•••@example.com")
        #expect(step.expiresAt == world.clock.now() + .seconds(300))
        #expect(step.resendAt == world.clock.now() + .seconds(60))
        let code = try #require(try await world.code(to: "a@example.com"))
        let letters = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        #expect(code.count == 9 && code.dropFirst(4).first == "-")
        #expect(code.filter { $0 != "-" }.allSatisfy(letters.contains))
    }

    @Test(arguments: [(299, OutcomeShape.signedIn), (300, .ended), (301, .ended)])
    func `a code is good for five minutes`(seconds: Int, expected: OutcomeShape) async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        world.clock.advance(.seconds(seconds))
        #expect(try await world.submit(code, started.handle).shape == expected)
    }

    @Test(arguments: [(899, false), (900, true)])
    func `a flow is over after fifteen minutes`(seconds: Int, isOver: Bool) async throws {
        let world = try await SignInWorld()
        let started = try await world.signIn.begin(SignInRequest(), world.browser())
        world.clock.advance(.seconds(seconds))
        do {
            let view = try await world.signIn.view(started.handle, world.browser())
            #expect(!isOver && view.steps == [.identify])
        } catch {
            #expect(isOver && error.reason == .signInFlowEnded)
        }
    }

    @Test func `a used code is worth nothing`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
    }

    @Test func `the fourth wrong try kills a code and the right one comes too late`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        for expected in [OutcomeShape.tryAgain, .tryAgain, .tryAgain, .ended] {
            #expect(try await world.submit("00000000", started.handle).shape == expected)
            world.clock.advance(.seconds(3))
        }
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(world.comparisons.count == 4)
    }

    @Test func `the right code is taken on the fourth try`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        for _ in 0..<3 { _ = try await world.submit("00000000", started.handle) }
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
    }

    @Test func `a code of one browser is worth nothing in another`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        world.clock.advance(.seconds(61))
        let other = try await world.begin("a@example.com")
        #expect(try await world.submit(code, other.handle).shape == .tryAgain)
    }

    @Test func `a code for the old address is worth nothing after the flow names another`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("old@example.com")
        let code = try #require(try await world.code(to: "old@example.com"))
        _ = try await world.signIn.identify(started.handle, identifier: "new@example.com", world.browser())
        #expect(try await world.submit(code, started.handle).shape == .tryAgain)
        let right = try #require(try await world.code(to: "new@example.com"))
        #expect(try await world.submit(right, started.handle).shape == .signedIn)
        #expect(try await world.number("SELECT COUNT(*) FROM user_identifiers WHERE value = 'new@example.com'") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
    }

    @Test func `a stored code put under another address, purpose or flow fits nothing`() async throws {
        for change in [
            "UPDATE one_time_codes SET address_canonical = 'b@example.com'",
            "UPDATE one_time_codes SET address_kind = 2",
            "UPDATE one_time_codes SET purpose = 2",
        ] {
            let world = try await SignInWorld()
            let started = try await world.begin("a@example.com")
            let code = try #require(try await world.code(to: "a@example.com"))
            try world.run(change)
            #expect(try await world.submit(code, started.handle).shape == .ended, "\(change)")
        }
    }

    @Test func `a new code voids the one before and may be asked for after a minute`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let first = try #require(try await world.code(to: "a@example.com"))
        world.clock.advance(.seconds(59))
        await #expect(throws: FlowError.self) { try await world.signIn.sendCode(started.handle, world.browser()) }
        world.clock.advance(.seconds(1))
        _ = try await world.signIn.sendCode(started.handle, world.browser())
        let second = try #require(try await world.code(to: "a@example.com"))
        #expect(try await world.submit(first, started.handle).shape == .tryAgain)
        #expect(try await world.submit(second, started.handle).shape == .signedIn)
    }

    @Test func `a resend that comes too early leaves the code good and says when`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        world.clock.advance(.seconds(20))
        do {
            _ = try await world.signIn.sendCode(started.handle, world.browser())
            Issue.record("sent too early")
        } catch {
            #expect(error.code == .throttled(retryAfter: .seconds(40)))
        }
        let code = try #require(try await world.code(to: "a@example.com"))
        #expect(world.post.messages.count == 1)
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
    }

    @Test func `a second flow within the minute sends nothing and tells when it will`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        let end = world.clock.now() + .seconds(60)
        world.clock.advance(.seconds(10))
        let second = try await world.begin("A@EXAMPLE.com")
        await world.worker.deliverDue()
        #expect(world.post.messages.count == 1)
        guard case .code(let step) = second.view.steps.first else { throw Unexpected(outcome: "no code step") }
        #expect(step.resendAt == end)
    }

    @Test func `a sign-in ends the wait for the next code to its address`() async throws {
        let world = try await SignInWorld()
        _ = try await world.signInCompletely("a@example.com")
        #expect(!(try await world.signInCompletely("a@example.com")).isNewUser)
    }

    @Test func `an address gets ten codes an hour however it is spelt`() async throws {
        let world = try await SignInWorld()
        for round in 0..<20 {
            _ = try await world.begin(
                round.isMultiple(of: 2) ? "a@example.com" : "A@Example.COM",
                world.browser("192.0.2.\(round)")
            )
            await world.worker.deliverDue()
            world.clock.advance(.seconds(61))
        }
        #expect(world.post.messages.count == 10)
        world.clock.advance(.seconds(3600))
        _ = try await world.begin("a@example.com")
        await world.worker.deliverDue()
        #expect(world.post.messages.count == 11)
    }

    @Test func `a source and its network may ask for a hundred codes an hour`() async throws {
        let world = try await SignInWorld {
            $0.code.sendsPerSource = 5
            $0.code.sendsPerPrefix = 8
        }
        var started = 0
        for index in 0..<20 {
            let source = world.browser("2001:db8::\(index % 2 + 1)")
            do {
                _ = try await world.begin("user\(index)@example.com", source)
                started += 1
            } catch let error as FlowError {
                #expect(error.reason == .throttled)
            }
        }
        #expect(started == 8)
        #expect(try await world.number("SELECT COUNT(*) FROM outbox") == 8)
        _ = try await world.begin("z@example.com", world.browser("2001:db8:0:1::1"))
    }

    @Test func `all codes together stay below the cap`() async throws {
        let world = try await SignInWorld {
            $0.code.sendsInTotal = 6
            $0.throttling.totalShards = 2
        }
        for index in 0..<40 {
            _ = try? await world.begin("user\(index)@example.com", world.browser("192.0.2.\(index)"))
        }
        let sent = try await world.number("SELECT COUNT(*) FROM outbox")
        #expect((3...6).contains(sent))
    }

    @Test func `a code is read in any spelling a person uses`() async throws {
        for spell in [
            { (code: String) in code.lowercased() }, { $0.filter { $0 != "-" } }, { " " + $0 + " " },
            { $0.replacing("0", with: "O").replacing("1", with: "l") },
        ] {
            let world = try await SignInWorld()
            let started = try await world.begin("a@example.com")
            let code = try #require(try await world.code(to: "a@example.com"))
            #expect(try await world.submit(spell(code), started.handle).shape == .signedIn)
        }
    }

    @Test func `what no code can be is refused without a comparison and counts as a try`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        let bad = [code + "0", "+" + code.dropFirst(), "UUUU-UUUU", "٠١٢٣٤٥٦٧"]
        for (typed, expected) in zip(bad, [OutcomeShape.tryAgain, .tryAgain, .tryAgain, .ended]) {
            #expect(try await world.submit(typed, started.handle).shape == expected)
        }
        #expect(world.comparisons.count == 0)
        #expect(try await world.number("SELECT MAX(tries) FROM one_time_codes") == 4)
    }

    @Test func `bytes that are no text are a wrong code`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        for bytes in [[], [0xFF, 0xFE], [UInt8](repeating: 0x41, count: 100_000)] as [[UInt8]] {
            let outcome = try await world.signIn.submitCode(
                started.handle,
                code: SecretBytes(copying: bytes),
                world.browser()
            )
            #expect(outcome.shape == .tryAgain)
        }
    }

    @Test func `the database holds no code in the clear`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("canary@example.com")
        let code = try #require(try await world.code(to: "canary@example.com")).filter { $0 != "-" }
        for (table, column) in [("one_time_codes", "code_hash"), ("outbox", "payload"), ("audit_events", "details")] {
            let found = try await world.number("SELECT COUNT(*) FROM \(table) WHERE LOCATE('\(code)', \(column)) > 0")
            #expect(found == 0, "\(table)")
        }
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE payload <> ''") == 0)
    }

    @Test func `a code alone does not satisfy a demand for two factors, and lets in to set them up only`() async throws
    {
        let world = try await SignInWorld()
        let request = SignInRequest(identifier: "a@example.com", demand: .aal2)
        let started = try await world.signIn.begin(request, world.browser())
        let code = try #require(try await world.code(to: "a@example.com"))
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            return #expect(Bool(false), "not let in")
        }
        #expect(signedIn.isNewUser && signedIn.session.isRestricted && signedIn.session.level == .aal1)
        #expect(signedIn.reasons == [.noSecondFactor, .demandedFactorMissing, .userRegistered])
        await expectRefusal(.sessionRestricted) {
            try await world.core.sessions.validate(token: signedIn.token, world.administrator)
        }
    }
}
