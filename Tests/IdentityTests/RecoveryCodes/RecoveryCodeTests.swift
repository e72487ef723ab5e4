import Cryptography
import MariaDB
import Passwords
import Testing

@testable import Identity

/// SECURITY RC-01 to RC-06.
struct RecoveryCodeTests {
    private let address = "ada@example.com"

    private func world(_ change: (inout IdentityPolicy) -> Void = { _ in }) async throws -> SignInWorld {
        var cheap = IdentityPolicy()
        try cheap.hashCheaply()
        let hashing = cheap.passwords.hashing
        return try await SignInWorld { policy in
            policy.passwords.hashing = hashing
            change(&policy)
        }
    }

    private func codes(_ world: SignInWorld, of app: EnrolledApp) async throws -> [String] {
        let session = try await world.fresh(app.session, kind: .possession)
        let codes = try await world.core.recoveryCodes.generate(world.person(session))
        await world.worker.deliverDue()
        world.clock.advance(.seconds(3600))
        return codes.compactMap { $0.validatedUTF8String() }
    }

    /// Proves the address and submits a recovery code.
    private func recover(
        _ world: SignInWorld,
        _ code: String
    ) async throws -> (handle: SecretBytes, outcome: SignInOutcome) {
        let first = try await world.proveAddress(address)
        let typed = SecretBytes(utf8: code)
        return (first.handle, try await world.signIn.submitRecoveryCode(first.handle, code: typed, world.browser()))
    }

    @Test func `ten codes of 65 bits are shown once, and nothing stored tells them`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let codes = try await codes(world, of: app)
        #expect(codes.count == 10 && Set(codes).count == 10)
        let letters = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        for code in codes {
            let text = code.filter { $0 != "-" }
            #expect(text.count == 13 && text.allSatisfy(letters.contains), "\(code)")
            let found = try await world.number(
                "SELECT COUNT(*) FROM recovery_codes WHERE LOCATE('\(text)', record) + LOCATE('\(code)', record) > 0"
            )
            #expect(found == 0)
        }
        #expect(
            try await world.number("SELECT COUNT(*) FROM recovery_codes WHERE record LIKE '$argon2id$v=19$%'") == 10
        )
        #expect(try await world.core.recoveryCodes.remaining(of: app.session.userID, world.administrator) == 10)
        #expect(try await world.notices(to: address).contains("New recovery codes at Gatehouse"))
    }

    @Test func `codes need a second factor that they can stand in for, and a fresh proof by it`() async throws {
        let world = try await world()
        let session = try await world.signInCompletely(address).session
        await expectRefusal(.secondFactorNeeded) { try await world.core.recoveryCodes.generate(world.person(session)) }
        let app = try await world.enrolledApp("bob@example.com")
        await expectRefusal(.stepUpRequired) { try await world.core.recoveryCodes.generate(world.person(app.session)) }
        let weak = try await world.fresh(app.session, kind: .address)
        await expectRefusal(.stepUpRequired) { try await world.core.recoveryCodes.generate(world.person(weak)) }
        await expectRefusal(.permissionMissing) { try await world.core.recoveryCodes.generate(world.administrator) }
        #expect(try await world.number("SELECT COUNT(*) FROM recovery_codes") == 0)
    }

    @Test func `a code stands in for the app, once, and its owner is told`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let codes = try await codes(world, of: app)
        let first = try await world.proveAddress(address)
        guard case .proceed(let view) = first.outcome else { throw Unexpected(outcome: "\(first.outcome)") }
        #expect(view.steps == [.totp, .recoveryCode])
        let typed = SecretBytes(utf8: codes[3])
        let outcome = try await world.signIn.submitRecoveryCode(first.handle, code: typed, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.isRestricted && signedIn.session.userID == app.session.userID)
        #expect(try await world.core.recoveryCodes.remaining(of: app.session.userID, world.administrator) == 9)
        #expect(try await world.notices(to: address).contains("A recovery code was used at Gatehouse"))
        world.clock.advance(.seconds(3600))
        #expect(try await recover(world, codes[3]).outcome.shape == .tryAgain)
        world.clock.advance(.seconds(3600))
        #expect(try await recover(world, codes[4]).outcome.shape == .signedIn)
    }

    @Test func `a code opens nothing alone, and none is asked of who has no app`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let codes = try await codes(world, of: app)
        let started = try await world.begin(address)
        await expectRefusal(.signInStepNotDue) {
            try await world.signIn.submitRecoveryCode(
                started.handle,
                code: SecretBytes(utf8: codes[0]),
                world.browser()
            )
        }
        let session = try await world.fresh(app.session, kind: .possession)
        try await world.core.totp.remove(app.id, of: session.userID, world.person(session))
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address).outcome.shape == .signedIn)
    }

    /// SECURITY RC-06.
    @Test func `a code may be typed with any case, hyphens and spaces`() async throws {
        let world = try await world()
        let codes = try await codes(world, of: world.enrolledApp(address))
        let spellings: [(String) -> String] = [
            { $0.lowercased() }, { $0.filter { $0 != "-" } }, { " " + $0.replacing("-", with: "  ") + " " },
            { $0.replacing("0", with: "o").replacing("1", with: "l") }, { $0.map { "\($0)-" }.joined() },
        ]
        for (code, spelling) in zip(codes, spellings) {
            #expect(try await recover(world, spelling(code)).outcome.shape == .signedIn, "\(spelling(code))")
            world.clock.advance(.seconds(3600))
        }
        for wrong in ["", "0", codes[9] + "0", String(codes[9].dropLast()), "\u{FF10}\(codes[9].dropFirst())"] {
            #expect(try await recover(world, wrong).outcome.shape == .tryAgain, "\(wrong)")
            world.clock.advance(.seconds(3600))
        }
    }

    /// SECURITY RC-03.
    @Test func `of twenty uses of one code at once one signs in`() async throws {
        let world = try await world { $0.throttling.account.limit = 100 }
        let codes = try await codes(world, of: world.enrolledApp(address))
        var handles: [SecretBytes] = []
        for _ in 0..<4 {
            handles.append(try await world.proveAddress(address).handle)
            world.clock.advance(.seconds(61))
        }
        let all = handles
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let code = SecretBytes(utf8: codes[0])
                    return try? await world.signIn.submitRecoveryCode(all[number % 4], code: code, world.browser())
                        .shape
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM recovery_codes") == 9)
    }

    @Test func `new codes void all those before`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let old = try await codes(world, of: app)
        let new = try await codes(world, of: app)
        #expect(try await recover(world, old[0]).outcome.shape == .tryAgain)
        world.clock.advance(.seconds(3600))
        #expect(try await recover(world, new[0]).outcome.shape == .signedIn)
    }

    /// SECURITY RC-04.
    @Test func `guesses are counted, and switch the codes off`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let codes = try await codes(world, of: app)
        let context = world.browser(with: app.device)
        let disabled = "SELECT COUNT(*) FROM throttles WHERE label = 'recovery_code' AND disabled_at IS NOT NULL"
        var guesses = 0
        while try await world.number(disabled) == 0 {
            world.clock.advance(.seconds(4000))
            let flow = try await world.proveAddress(address, context)
            let guess = SecretBytes(utf8: "0000-0000-0000-0")
            _ = try await world.signIn.submitRecoveryCode(flow.handle, code: guess, context)
            guesses += 1
            guard guesses <= 100 else { throw Unexpected(outcome: "never disabled") }
        }
        world.clock.advance(.seconds(4000))
        let late = try await world.proveAddress(address, context)
        let right = SecretBytes(utf8: codes[0])
        #expect(try await world.signIn.submitRecoveryCode(late.handle, code: right, context).shape == .ended)
        #expect(try await world.signIn.submitTOTP(late.handle, code: app.code(world), context).shape == .signedIn)
    }

    /// SECURITY RC-05.
    @Test func `the session of a code sets up what was lost, and nothing else`() async throws {
        let world = try await world()
        let app = try await world.enrolledApp(address)
        let codes = try await codes(world, of: app)
        guard case .signedIn(let signedIn) = try await recover(world, codes[0]).outcome else {
            throw Unexpected(outcome: "not signed in")
        }
        let (core, person, user) = (world.core, world.person(signedIn.session), signedIn.session.userID)
        await expectRefusal(.sessionRestricted) {
            try await core.sessions.validate(token: signedIn.token, world.administrator)
        }
        await expectRefusal(.sessionRestricted) { try await core.sessions.list(user, PageRequest(), person) }
        await expectRefusal(.sessionRestricted) { try await core.users.get(user, person) }
        await expectRefusal(.sessionRestricted) { try await core.totp.list(user, person) }
        await expectRefusal(.sessionRestricted) { try await core.totp.remove(app.id, of: user, person) }
        await expectRefusal(.sessionRestricted) { try await core.totp.rename(app.id, to: "x", person) }
        await expectRefusal(.sessionRestricted) { try await core.passwords.remove(of: user, person) }
        await expectRefusal(.sessionRestricted) { try await core.recoveryCodes.generate(person) }
        await expectRefusal(.sessionRestricted) {
            try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        }
        let started = try await core.totp.begin(name: "New phone", person)
        #expect(try await core.totp.confirm(started.device.id, code: world.code(of: started.secret), person))
        world.clock.advance(.seconds(3600))
        let flow = try await world.proveAddress(address)
        let code = try world.code(of: started.secret)
        let outcome = try await world.signIn.submitTOTP(flow.handle, code: code, world.browser())
        guard case .signedIn(let whole) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(!whole.session.isRestricted)
        try await core.totp.remove(app.id, of: user, world.person(whole.session))
    }

    @Test func `a restricted session ends itself`() async throws {
        let world = try await world()
        let codes = try await codes(world, of: world.enrolledApp(address))
        guard case .signedIn(let signedIn) = try await recover(world, codes[0]).outcome else {
            throw Unexpected(outcome: "not signed in")
        }
        try await world.core.sessions.signOut(token: signedIn.token, world.browser())
        #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE is_restricted") == 0)
    }

    /// SECURITY RC-02.
    @Test func `codes of two people cannot be swapped, and a copy is of no use without the key`() async throws {
        let world = try await world()
        let codes = try await codes(world, of: world.enrolledApp(address))
        let others = try await self.codes(world, of: world.enrolledApp("bob@example.com"))
        #expect(try await recover(world, others[0]).outcome.shape == .tryAgain)
        world.clock.advance(.seconds(3600))
        let stolen = try SignInWorld(world.configuration, clock: world.clock, post: world.post, keyByte: 9) {
            $0.passwords = world.core.parts.policy.passwords
        }
        let first = try await world.proveAddress(address)
        let typed = SecretBytes(utf8: codes[0])
        #expect(
            try await stolen.signIn.submitRecoveryCode(first.handle, code: typed, world.browser()).shape != .signedIn
        )
    }
}
