import Cryptography
import Passwords
import Testing

@testable import Identity

/// Signing in with a password (SECURITY 1.1, PRODUCT section 6).
struct PasswordSignInTests {
    private let address = "ada@example.com"

    @Test func `a password signs in, and no code is sent unasked`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let codes = "SELECT COUNT(*) FROM outbox WHERE kind = 1"
        let before = try await world.number(codes)
        let signedIn = try await world.signInByPassword(address)
        #expect(signedIn.session.methods == ["pwd"] && signedIn.session.provedKind == .knowledge)
        #expect(signedIn.session.level == .aal1 && !signedIn.session.isRestricted)
        #expect(try await world.number(codes) == before)
        #expect(
            try await world.core.sessions.validate(token: signedIn.token, world.administrator).id == signedIn.session.id
        )
    }

    @Test func `what may be done next is the same for known and unknown names, with a password or without`()
        async throws
    {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        _ = try await world.makeUser("bob@example.com")
        for name in [address, "bob@example.com", "nobody@example.com"] {
            let view = try await world.begin(name).view
            #expect(view.steps == [.password, .sendCode(maskedAddress: "\(name.prefix(1))•••@example.com")])
        }
        for name in ["nobody", "+441632960011"] {
            #expect(try await world.begin(name).view.steps == [.password])
        }
    }

    /// SECURITY PW-12, EN-01, EN-02.
    @Test func `wrong passwords are answered alike, whoever they are tried on`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        _ = try await world.makeUser("bob@example.com")
        let carol = try await world.userWithPassword("carol@example.com")
        _ = try await world.core.users.disable(carol.userID, reason: "left", world.administrator)
        let rows = """
            SELECT (SELECT COUNT(*) FROM throttles WHERE kind <> 14) * 1000 + (SELECT COUNT(*) FROM audit_events)
                + (SELECT COUNT(*) FROM outbox) * 1000000
            """
        func growth(_ name: String, _ source: String) async throws -> Int64 {
            let before = try await world.number(rows)
            let (wrong, browser) = ("not \(SignInWorld.password)", world.browser(source))
            #expect(try await world.tryPassword(wrong, of: name, browser).outcome.shape == .tryAgain)
            return try await world.number(rows) - before
        }
        let ofKnown = try await growth(address, "198.51.100.1")
        for (number, name) in ["bob@example.com", "carol@example.com", "nobody@example.com"].enumerated() {
            #expect(try await growth(name, "203.0.\(number).1") == ofKnown, "\(name)")
        }
    }

    @Test func `a disabled person's right password ends the flow`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        _ = try await world.core.users.disable(session.userID, reason: "left", world.administrator)
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
    }

    /// SECURITY REC-05.
    @Test func `an address that nobody proved is no name to use a password with, and a user name is one`() async throws
    {
        let world = try await SignInWorld.withPasswords()
        let user = try await world.core.users.create(
            NewUser(identifiers: [
                NewIdentifier(kind: .email, value: address), NewIdentifier(kind: .username, value: "ada"),
                NewIdentifier(kind: .phone, value: "+441632960011"),
            ]),
            world.administrator
        )
        let record = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        try await world.core.passwords.importRecord(record, of: user.id, world.administrator)
        for name in [address, "+441632960011"] {
            #expect(try await world.tryPassword("password", of: name).outcome.shape == .tryAgain)
        }
        // Too short to be alone, and no code goes to a user name or a phone.
        #expect(try await world.tryPassword("password", of: "ADA").outcome.shape == .ended)
        try world.run("UPDATE user_identifiers SET verified_at = NOW(6) WHERE kind = 2")
        #expect(try await world.tryPassword("password", of: "+44 1632 960011").outcome.shape == .ended)
        try world.run("UPDATE passwords SET is_long = 1")
        world.clock.advance(.seconds(3600))
        for name in ["ADA", "+44 1632 960011"] {
            #expect(try await world.signInByPassword(name, "password").session.userID == user.id)
        }
        #expect(
            try await world.number("SELECT COUNT(*) FROM user_identifiers WHERE kind = 1 AND verified_at IS NULL") == 1
        )
    }

    /// SECURITY PW-01.
    @Test func `a password that is too short alone asks for a code, and with it signs in`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        try world.run("UPDATE passwords SET is_long = 0")
        let first = try await world.tryPassword(SignInWorld.password, of: address)
        guard case .proceed(let view) = first.outcome else { throw Unexpected(outcome: "\(first.outcome)") }
        #expect(view.steps == [.sendCode(maskedAddress: "a•••@example.com")])
        _ = try await world.signIn.sendCode(first.handle, world.browser())
        let code = try #require(try await world.code(to: address))
        let outcome = try await world.submit(code, first.handle)
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.userID == session.userID && signedIn.session.methods == ["otp", "pwd"])
        #expect(signedIn.session.level == .aal1)
    }

    @Test func `a password and an app reach the second level, in either order of asking`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let session = try await world.fresh(app.session, kind: .possession)
        try await world.core.passwords.set(SecretBytes(utf8: "tk4vq9xm"), current: nil, world.person(session))
        world.clock.advance(.seconds(3600))
        let first = try await world.tryPassword("tk4vq9xm", of: address)
        guard case .proceed(let view) = first.outcome else { throw Unexpected(outcome: "\(first.outcome)") }
        #expect(view.steps == [.totp])
        let outcome = try await world.signIn.submitTOTP(first.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.level == .aal2 && signedIn.session.methods == ["otp", "pwd"])

        world.clock.advance(.seconds(3600))
        let byCode = try await world.proveAddress(address, wanting: .aal2)
        #expect(byCode.outcome.shape == .proceed)
        let app2 = try await world.signIn.submitTOTP(byCode.handle, code: app.code(world), world.browser())
        guard case .proceed(let more) = app2 else { throw Unexpected(outcome: "\(app2)") }
        #expect(more.steps == [.password])
        let last = try await world.signIn.submitPassword(
            byCode.handle,
            password: SecretBytes(utf8: "tk4vq9xm"),
            world.browser()
        )
        guard case .signedIn(let second) = last else { throw Unexpected(outcome: "\(last)") }
        #expect(second.session.level == .aal2)
    }

    /// SECURITY PW-14.
    @Test func `a change between the password and the app voids what was proved`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let session = try await world.fresh(app.session, kind: .possession)
        try await world.core.passwords.set(SecretBytes(utf8: SignInWorld.password), current: nil, world.person(session))
        let thief = try await world.tryPassword(SignInWorld.password, of: address)
        #expect(thief.outcome.shape == .proceed)
        world.clock.advance(.seconds(1))
        let next = SecretBytes(utf8: "another \(SignInWorld.password)")
        try await world.core.passwords.set(next, current: nil, world.person(session))
        let outcome = try await world.signIn.submitTOTP(thief.handle, code: app.code(world), world.browser())
        #expect(outcome.shape == .ended)
    }

    /// SECURITY PW-14: the clock of the node that changed it may have been behind.
    @Test func `a change voids what was proved, whatever the clocks say`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let session = try await world.fresh(app.session, kind: .possession)
        try await world.core.passwords.set(SecretBytes(utf8: SignInWorld.password), current: nil, world.person(session))
        world.clock.advance(.seconds(60))
        let thief = try await world.tryPassword(SignInWorld.password, of: address)
        #expect(thief.outcome.shape == .proceed)
        world.clock.advance(.seconds(-30))
        let next = SecretBytes(utf8: "another \(SignInWorld.password)")
        try await world.core.passwords.set(next, current: nil, world.person(session))
        world.clock.advance(.seconds(60))
        let outcome = try await world.signIn.submitTOTP(thief.handle, code: app.code(world), world.browser())
        #expect(outcome.shape == .ended)
    }

    /// SECURITY PW-04, PW-05.
    @Test func `spaces count, and composed and decomposed letters do not differ`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address, " caf\u{E9} violet tandem 93 ")
        #expect(try await world.tryPassword("caf\u{E9} violet tandem 93", of: address).outcome.shape == .tryAgain)
        #expect(try await world.tryPassword(" Caf\u{E9} violet tandem 93 ", of: address).outcome.shape == .tryAgain)
        #expect(try await world.tryPassword(" cafe\u{301} violet tandem 93 ", of: address).outcome.shape == .signedIn)
    }

    /// SECURITY PW-02.
    @Test func `the last letter of the longest password counts, and what is longer is refused unhashed`() async throws {
        let world = try await SignInWorld.withPasswords()
        let scalars = (0..<256).compactMap { Unicode.Scalar(0x4E00 + $0 * 7) }
        let longest = String(String.UnicodeScalarView(scalars))
        try await world.userWithPassword(address, longest)
        let changed = String(String.UnicodeScalarView(scalars.dropLast())) + "x"
        #expect(try await world.tryPassword(changed, of: address).outcome.shape == .tryAgain)
        #expect(try await world.tryPassword(longest, of: address).outcome.shape == .signedIn)
        let refusal = await expectRefusal(.passwordTooLong) {
            try await world.tryPassword(String(repeating: "x", count: 1025), of: address)
        }
        #expect(refusal?.message.hasPrefix("password: ") == true)
    }

    /// SECURITY PW-10.
    @Test func `a copy of the database is of no use without the key`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        #expect(try await world.storedRecord().hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        let other = try SignInWorld(world.configuration, clock: world.clock, post: world.post, keyByte: 9) {
            $0.passwords = world.core.parts.policy.passwords
        }
        #expect(try await other.tryPassword(SignInWorld.password, of: address).outcome.shape == .tryAgain)
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .signedIn)
    }

    @Test func `passwords that are off are no step`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin(address)
        #expect(started.view.steps.count == 1)
        await expectRefusal(.signInStepNotDue) {
            try await world.signIn.submitPassword(started.handle, password: SecretBytes(utf8: "x"), world.browser())
        }
    }
}
