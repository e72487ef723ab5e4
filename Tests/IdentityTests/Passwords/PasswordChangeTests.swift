import Cryptography
import Passwords
import Testing

@testable import Identity

/// Choosing and changing one's password (SECURITY PW-01 to PW-06, PW-13, PW-14).
struct PasswordChangeTests {
    /// SECURITY PW-06.
    @Test func `the names of a profile are no password`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.signInCompletely("wf1@example.com").session
        try world.run(
            """
            INSERT INTO profiles (user_id, document, revision, updated_at)
            SELECT id, '{"name":"Wilhelmina Featherstone","nickname":"Featherbed"}', 1, NOW(6) FROM users
            """
        )
        for text in ["WilhelminaFeatherstone1", "Featherbed!Featherbed2026"] {
            await expectRefusal(.passwordContext) {
                try await world.core.passwords.set(SecretBytes(utf8: text), current: nil, world.person(session))
            }
        }
        let other = "WilhelminaLovelace mentions chalk"
        try await world.core.passwords.set(SecretBytes(utf8: other), current: nil, world.person(session))
    }

    private let address = "ada@example.com"
    private let next = "gravel umpire 41 lantern"

    /// Why a password is not taken; nil when it is.
    private func reason(
        _ world: SignInWorld,
        _ password: String,
        current: String? = nil,
        in session: Session
    ) async -> ReasonID? {
        do {
            try await set(world, password, current: current, in: session)
            return nil
        } catch {
            return (error as? FlowError)?.reason
        }
    }

    private func set(
        _ world: SignInWorld,
        _ password: String,
        current: String? = nil,
        in session: Session
    ) async throws {
        let current = current.map { SecretBytes(utf8: $0) }
        try await world.core.passwords.set(SecretBytes(utf8: password), current: current, world.person(session))
    }

    @Test func `after a code a password is set, and set anew, without the one before`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.signInCompletely(address).session
        #expect(try await world.core.passwords.status(of: session.userID, world.person(session)) == nil)
        try await set(world, SignInWorld.password, in: session)
        let status = try await world.core.passwords.status(of: session.userID, world.person(session))
        #expect(status == PasswordStatus(changedAt: world.clock.now(), resetDemandedAt: nil))
        #expect(try await world.notices(to: address) == ["A password was set at Gatehouse"])
        world.clock.advance(.seconds(3600))
        let forgetful = try await world.signInCompletely(address).session
        try await set(world, next, in: forgetful)
        #expect(try await world.notices(to: address).contains("Your password was changed at Gatehouse"))
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .tryAgain)
        #expect(try await world.tryPassword(next, of: address).outcome.shape == .signedIn)
    }

    @Test func `a session that was opened by the password has to tell it, and wrong ones are counted`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let session = try await world.signInByPassword(address).session
        let missing = await expectRefusal(.fieldRequired) { try await set(world, next, in: session) }
        #expect(missing?.message.hasPrefix("current_password: ") == true)
        var wrong = 0
        while wrong < 50 {
            let reason = await reason(world, next, current: "wrong \(wrong)", in: session)
            guard reason == .passwordWrong else {
                #expect(reason == .throttled)
                break
            }
            wrong += 1
        }
        #expect(wrong == world.core.parts.policy.throttling.account.limit)
        let failures = "SELECT COUNT(*) FROM audit_events WHERE kind = 'password.changed' AND outcome = 2"
        #expect(try await world.number(failures) == Int64(wrong))
        world.clock.advance(.seconds(500))
        let changes = "SELECT COUNT(*) FROM audit_events WHERE kind = 'password.changed' AND outcome = 1"
        #expect(try await world.number(changes) == 0)
        try await set(world, next, current: SignInWorld.password, in: session)
        #expect(try await world.tryPassword(next, of: address).outcome.shape == .signedIn)
    }

    @Test func `a change ends all other sessions, and what was left open with them`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let other = try await world.signInByPassword(address)
        let own = try await world.signInByPassword(address)
        try await set(world, next, current: SignInWorld.password, in: own.session)
        await expectRefusal(.sessionInvalid) {
            try await world.core.sessions.validate(token: other.token, world.administrator)
        }
        #expect(try await world.core.sessions.validate(token: own.token, world.administrator).id == own.session.id)
    }

    @Test func `a session that is long unproved, or proved too weakly, sets nothing`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        await expectRefusal(.stepUpRequired) { try await set(world, next, in: app.session) }
        let weak = try await world.fresh(app.session, kind: .address)
        await expectRefusal(.stepUpRequired) { try await set(world, next, in: weak) }
        await expectRefusal(.credentialsMissing) {
            try await world.core.passwords.set(SecretBytes(utf8: next), current: nil, world.browser())
        }
        await expectRefusal(.permissionMissing) {
            try await world.core.passwords.set(SecretBytes(utf8: next), current: nil, world.administrator)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM passwords") == 0)
    }

    @Test func `all that is wrong with a password is said at once`() async throws {
        let world = try await SignInWorld.withPasswords(listed: ["ada"])
        let session = try await world.signInCompletely(address).session
        let refusal = await expectRefusal(.passwordTooShort) { try await set(world, "ADA", in: session) }
        guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "no problems") }
        #expect(problems.map(\.reason) == [.passwordTooShort, .passwordBlocklisted, .passwordContext])
        #expect(Set(problems.map(\.field)) == ["new_password"])
    }

    @Test(arguments: [
        ("sunshine parade 2001", ReasonID.passwordBlocklisted), ("SUNSHINE Parade 2001", .passwordBlocklisted),
        ("ada@example.com", .passwordContext), ("gatehousegatehouse", .passwordContext),
        ("fourteen chars", .passwordTooShort), ("violet tandem\u{7} 93", .passwordCharacter),
        ("violet tandem\u{378}\u{378} 93", .passwordCharacter),
    ])
    func `what is common, one's own name or no text is refused`(password: String, reason: ReasonID) async throws {
        let world = try await SignInWorld.withPasswords(listed: ["sunshine parade 2001"])
        let session = try await world.signInCompletely(address).session
        await expectRefusal(reason) { try await set(world, password, in: session) }
        try await set(world, "sunshine parade 2002", in: session)
    }

    @Test func `eight characters are enough beside an app, and not alone`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.signInCompletely(address).session
        await expectRefusal(.passwordTooShort) { try await set(world, "tk4vq9xm", in: session) }
        let app = try await world.enrolledApp("bob@example.com")
        let strong = try await world.fresh(app.session, kind: .possession)
        try await set(world, "tk4vq9xm", in: strong)
        #expect(try await world.number("SELECT is_long FROM passwords") == 0)
    }

    @Test func `former passwords are refused, as many as the policy says`() async throws {
        let world = try await SignInWorld.withPasswords { $0.passwords.historyCount = 2 }
        let session = try await world.signInCompletely(address).session
        let passwords = (0..<4).map { "violet tandem kettle \($0)\($0)" }
        for password in passwords {
            try await set(world, password, in: session)
            world.clock.advance(.seconds(11))
        }
        for former in passwords.dropFirst() {
            await expectRefusal(.passwordUsedBefore) { try await set(world, former, in: session) }
            world.clock.advance(.seconds(11))
        }
        #expect(try await world.number("SELECT COUNT(*) FROM former_passwords") == 2)
        try await set(world, passwords[0], in: session)
        #expect(try await world.number("SELECT COUNT(*) FROM former_passwords") == 2)
    }

    @Test func `without a history nothing of former passwords is kept`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.signInCompletely(address).session
        try await set(world, SignInWorld.password, in: session)
        try await set(world, SignInWorld.password, in: session)
        #expect(try await world.number("SELECT COUNT(*) FROM former_passwords") == 0)
    }

    @Test func `a password that is too old opens a session that only changes it`() async throws {
        let world = try await SignInWorld.withPasswords { $0.passwords.maximumAge = .seconds(86_400) }
        try await world.userWithPassword(address)
        world.clock.advance(.seconds(86_400))
        let old = try await world.signInByPassword(address)
        #expect(old.session.isRestricted)
        await expectRefusal(.sessionRestricted) {
            try await world.core.sessions.validate(token: old.token, world.administrator)
        }
        try await set(world, next, current: SignInWorld.password, in: old.session)
        #expect(try await !world.signInByPassword(address, next).session.isRestricted)
    }

    /// SECURITY SE-11, SU-04: what is out of date opens no more than what is not.
    @Test func `a password that is too old asks for the app on a remembered device, too, and enrols nothing`()
        async throws
    {
        let world = try await SignInWorld.withPasswords { $0.passwords.maximumAge = .seconds(86_400) }
        let app = try await world.enrolledApp(address)
        let strong = try await world.fresh(app.session, kind: .possession)
        try await set(world, SignInWorld.password, in: strong)
        let context = world.browser(with: app.device)
        let first = try await world.tryPassword(SignInWorld.password, of: address, context)
        let code = try app.code(world)
        let remembered = try await world.signIn.submitTOTP(first.handle, code: code, remembersDevice: true, context)
        #expect(remembered.shape == .signedIn)
        world.clock.advance(.seconds(3600))
        #expect(try await world.tryPassword(SignInWorld.password, of: address, context).outcome.shape == .signedIn)
        world.clock.advance(.seconds(86_400))
        #expect(try await world.tryPassword(SignInWorld.password, of: address, context).outcome.shape == .proceed)
        let aged = try await world.tryPassword(SignInWorld.password, of: address)
        let outcome = try await world.signIn.submitTOTP(aged.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.isRestricted && !signedIn.session.isRecovering)
        try await set(world, next, current: SignInWorld.password, in: signedIn.session)
    }

    @Test func `what was begun in a session that has ended meanwhile is not done`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        let fresh = try await world.fresh(session, kind: .address)
        try await world.core.sessions.revoke(session.id, world.administrator)
        await expectRefusal(.sessionInvalid) { try await set(world, next, in: fresh) }
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .signedIn)
    }

    @Test func `strangers who guess do not keep the owner from changing the password`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let session = try await world.signInByPassword(address).session
        for guess in 0..<10 {
            _ = try await world.tryPassword("guess \(guess)", of: address, world.browser("198.51.\(guess).1"))
        }
        try await set(world, next, current: SignInWorld.password, in: session)
    }

    /// SECURITY PW-15.
    @Test func `an administrator makes a password useless, and its owner sets another one after a code`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        let open = try await world.signInByPassword(address)
        try await world.core.passwords.demandReset(of: session.userID, world.administrator)
        await expectRefusal(.sessionInvalid) {
            try await world.core.sessions.validate(token: open.token, world.administrator)
        }
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .tryAgain)
        #expect(try await world.notices(to: address).contains("Your password must be set anew at Gatehouse"))
        world.clock.advance(.seconds(3600))
        let reset = try await world.signInCompletely(address).session
        try await set(world, next, in: reset)
        #expect(try await world.signInByPassword(address, next).session.userID == session.userID)
        let bob = try await world.makeUser("bob@example.com")
        await expectRefusal(.notFound) { try await world.core.passwords.demandReset(of: bob, world.administrator) }
        await expectRefusal(.permissionMissing) {
            try await world.core.passwords.demandReset(of: session.userID, world.person(reset))
        }
    }

    @Test func `a password is removed by its owner, unless it is the last way in`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let bob = try await world.userWithPassword("bob@example.com")
        let session = try await world.signInByPassword(address).session
        await expectRefusal(.notFound) {
            try await world.core.passwords.remove(of: bob.userID, world.person(session))
        }
        try await world.core.passwords.remove(of: session.userID, world.person(session))
        #expect(try await world.notices(to: address).contains("Your password was removed at Gatehouse"))
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .tryAgain)
        try world.run("UPDATE user_identifiers SET verified_at = NULL")
        await expectRefusal(.lastWayIn) {
            try await world.core.passwords.remove(of: bob.userID, world.administrator)
        }
        let owner = world.person(try await world.fresh(bob, kind: .knowledge))
        await expectRefusal(.fieldInvalid) {
            try await world.core.passwords.remove(of: bob.userID, evenIfLastWayIn: true, owner)
        }
        try await world.core.passwords.remove(of: bob.userID, evenIfLastWayIn: true, world.administrator)
    }

    @Test func `of two changes at once one holds, and the other is told`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        let fresh = try await world.fresh(session, kind: .address)
        let outcomes = await withTaskGroup(of: ReasonID?.self) { group in
            for number in 0..<10 {
                group.addTask { await reason(world, "\(next) \(number)", in: fresh) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let done = outcomes.count { $0 == nil }
        #expect(done >= 1 && outcomes.allSatisfy { $0 == nil || $0 == .revisionConflict || $0 == .throttled })
        #expect(
            try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'password.changed'") == Int64(done)
        )
    }
}
