import Cryptography
import MariaDB
import OneTimePasswords
import Testing

@testable import Identity

/// PRODUCT section 6 and SECURITY 1.3: whoever has an authenticator app must use it.
struct TOTPSignInTests {
    /// SECURITY TOTP-05, TH-01: nobody who waits long enough between guesses begins anew.
    @Test func `a patient guesser disables the app with the hundredth failure, whatever is purged meanwhile`()
        async throws
    {
        let world = try await SignInWorld { $0.throttling.account.disableAfter = 20 }
        let address = "ada@example.com"
        let app = try await world.enrolledApp(address)
        var failures = 0
        var isOver = false
        while !isOver, failures <= 20 {
            let flow = try await world.proveAddress(address)
            for _ in 0..<4 {
                let wrong = try app.code(world, after: 600)
                let shape = try await world.signIn.submitTOTP(flow.handle, code: wrong, world.browser()).shape
                guard shape != .ended else {
                    isOver = true
                    break
                }
                failures += 1
            }
            world.clock.advance(.seconds(90_000))
            _ = try await Purge(parts: world.core.parts).run()
        }
        #expect(isOver && failures <= 20)
        #expect(try await world.number("SELECT COUNT(*) FROM throttles WHERE disabled_at IS NOT NULL") == 1)
        world.clock.advance(.seconds(31_536_000))
        _ = try await Purge(parts: world.core.parts).run()
        #expect(try await world.number("SELECT COUNT(*) FROM throttles WHERE disabled_at IS NOT NULL") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM throttles") == 1)
    }

    private let address = "ada@example.com"

    @Test func `an app is asked for after the first proof, and its code signs in`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let first = try await world.proveAddress(address)
        guard case .proceed(let view) = first.outcome else { throw Unexpected(outcome: "\(first.outcome)") }
        #expect(view.steps == [.totp])
        let outcome = try await world.signIn.submitTOTP(first.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.provedKind == .possession && signedIn.session.level == .aal1)
    }

    @Test func `nothing tells before the first proof that somebody has an app`() async throws {
        let world = try await SignInWorld()
        _ = try await world.enrolledApp(address)
        let view = try await world.begin(address).view
        let other = try await world.begin("nobody@example.com").view
        #expect(view.steps.count == 1 && other.steps.count == 1)
        guard case .code = view.steps[0], case .code = other.steps[0] else { throw Unexpected(outcome: "\(view)") }
    }

    @Test func `the app alone opens nothing, and an address twice is no second factor`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let started = try await world.begin(address)
        await expectRefusal(.signInStepNotDue) {
            try await world.signIn.submitTOTP(started.handle, code: app.code(world), world.browser())
        }
        let code = try #require(try await world.code(to: address))
        #expect(try await world.submit(code, started.handle).shape == .proceed)
        await expectRefusal(.signInStepNotDue) { try await world.submit(code, started.handle) }
        #expect(
            try await world.number("SELECT COUNT(*) FROM sessions WHERE created_at >= NOW() + INTERVAL 1 YEAR") == 0
        )
    }

    /// SECURITY TOTP-04.
    @Test func `a code counts once, in whatever flow and window it is tried again`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let ahead = try app.code(world, after: 30)
        let first = try await world.proveAddress(address)
        #expect(try await world.signIn.submitTOTP(first.handle, code: ahead, world.browser()).shape == .signedIn)
        for _ in 0..<3 {
            world.clock.advance(.seconds(61))
            let again = try await world.proveAddress(address)
            let spaced = SecretBytes(utf8: try #require(ahead.validatedUTF8String()) + " ")
            for replay in [ahead, spaced] {
                let outcome = try await world.signIn.submitTOTP(again.handle, code: replay, world.browser())
                #expect(outcome.shape == .tryAgain)
            }
            world.clock.advance(.seconds(900))
        }
    }

    @Test func `fifty submissions of one code at once sign in once`() async throws {
        let world = try await SignInWorld(lanes: 4) { $0.throttling.account.limit = 100 }
        let app = try await world.enrolledApp(address)
        var handles: [SecretBytes] = []
        for _ in 0..<5 {
            handles.append(try await world.proveAddress(address).handle)
            world.clock.advance(.seconds(61))
        }
        let before = try await world.number("SELECT COUNT(*) FROM sessions")
        let code = try app.code(world)
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for number in 0..<50 {
                let handle = handles[number % handles.count]
                group.addTask { try? await world.signIn.submitTOTP(handle, code: code, world.browser()).shape }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == before + 1)
    }

    /// SECURITY TOTP-05.
    @Test func `guesses switch the app off, and nothing else does`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        try await world.failUntilDisabled(address)
        let owner = try await world.proveAddress(address, world.browser(with: app.device))
        let right = try app.code(world)
        let context = world.browser(with: app.device)
        #expect(try await world.signIn.submitTOTP(owner.handle, code: right, context).shape == .signedIn)
        var guesses = 0
        while try await world.number("SELECT COUNT(*) FROM throttles WHERE label = 'totp' AND disabled_at IS NOT NULL")
            == 0
        {
            world.clock.advance(.seconds(4000))
            let flow = try await world.proveAddress(address, context)
            _ = try await world.signIn.submitTOTP(flow.handle, code: SecretBytes(utf8: "000000"), context)
            guesses += 1
            guard guesses <= 100 else { throw Unexpected(outcome: "never disabled") }
        }
        #expect(guesses <= 100)
        world.clock.advance(.seconds(4000))
        let late = try await world.proveAddress(address, context)
        #expect(try await world.signIn.submitTOTP(late.handle, code: app.code(world), context).shape == .ended)
    }

    @Test func `a remembered device is not asked for the app, and for a change of factors is again`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        let context = world.browser(with: app.device)
        let first = try await world.proveAddress(address, context)
        let outcome = try await world.signIn.submitTOTP(
            first.handle,
            code: app.code(world),
            remembersDevice: true,
            context
        )
        #expect(outcome.shape == .signedIn)
        world.clock.advance(.seconds(86_400))
        #expect(try await world.proveAddress(address, context).outcome.shape == .signedIn)
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address).outcome.shape == .proceed, "elsewhere")
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address, context, wanting: .aal2).outcome.shape == .proceed, "aal2")
        world.clock.advance(.seconds(30 * 86_400))
        #expect(try await world.proveAddress(address, context).outcome.shape == .proceed, "after 30 days")
        world.clock.advance(.seconds(3600))
        let again = try await world.proveAddress(address, context)
        let remembered = try await world.signIn.submitTOTP(
            again.handle,
            code: app.code(world),
            remembersDevice: true,
            context
        )
        guard case .signedIn(let signedIn) = remembered else { throw Unexpected(outcome: "\(remembered)") }
        try await world.enrolAnother(in: signedIn.session)
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address, context).outcome.shape == .proceed, "after a change")
    }

    /// SECURITY TOTP-06.
    @Test func `secrets of two people cannot be swapped, and none is readable in the database`() async throws {
        let world = try await SignInWorld()
        let ada = try await world.enrolledApp(address)
        let eve = try await world.enrolledApp("eve@example.com")
        let text = try #require(ada.secret.validatedUTF8String())
        #expect(try await world.number("SELECT COUNT(*) FROM totp_devices WHERE LOCATE('\(text)', secret) > 0") == 0)
        try world.run(
            """
            UPDATE totp_devices a JOIN totp_devices b ON a.id <> b.id SET a.secret = b.secret
            WHERE a.user_id = (SELECT user_id FROM user_identifiers WHERE canonical = '\(address)')
            """
        )
        let flow = try await world.proveAddress(address)
        for app in [ada, eve] {
            let outcome = try await world.signIn.submitTOTP(flow.handle, code: app.code(world), world.browser())
            #expect(outcome.shape == .tryAgain)
        }
    }

    @Test func `the app alone confirms a session, and an address does not`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp(address)
        world.clock.advance(.seconds(3600))
        let first = try await world.proveAddress(address)
        let outcome = try await world.signIn.submitTOTP(first.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        world.clock.advance(.seconds(3600))
        let codes = "SELECT COUNT(*) FROM outbox WHERE kind = 1"
        let before = try await world.number(codes)
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        #expect(started.view.steps == [.totp])
        #expect(try await world.number(codes) == before)
        let confirmed = try await world.signIn.submitTOTP(started.handle, code: app.code(world), world.browser())
        #expect(confirmed.shape == .signedIn)
    }
}
