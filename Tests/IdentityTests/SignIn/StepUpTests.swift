import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// SECURITY 1.11 and SE-09: sensitive actions need a fresh proof, of the same person, for the same session.
struct StepUpTests {
    private let address = "ada@example.com"

    @Test func `ending other sessions needs a fresh proof, ending one's own does not`() async throws {
        let world = try await SignInWorld()
        let first = try await world.signInCompletely(address).session
        world.clock.advance(.seconds(61))
        let second = try await world.signInCompletely(address).session
        let sessions = world.core.sessions
        world.clock.advance(.seconds(601))
        let stale = world.person(second)
        for refused in [first.id, SessionID.make(at: world.clock.now(), random: SystemRandom())] {
            await expectRefusal(.stepUpRequired) { try await sessions.revoke(refused, stale) }
        }
        await expectRefusal(.stepUpRequired) { try await sessions.revokeAll(of: second.userID, stale) }
        await expectRefusal(.stepUpRequired) {
            try await sessions.revokeAll(of: second.userID, except: second.id, stale)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 2)
        try await sessions.revoke(second.id, stale)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
    }

    @Test func `a proof makes the same session fresh, under a new token`() async throws {
        let world = try await SignInWorld()
        let old = try await world.signInCompletely(address)
        world.clock.advance(.seconds(3600))
        let started = try await world.signIn.beginStepUp(
            session: old.token,
            returnTarget: "/account",
            world.browser()
        )
        #expect(started.view.isConfirmation)
        let code = try #require(try await world.code(to: address))
        let subjects = world.post.messages(to: address).map(\.subject)
        #expect(subjects.contains("Code for confirming that it is you at Gatehouse"))
        let outcome = try await world.submit(code, started.handle)
        guard case .signedIn(let confirmed) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(confirmed.isConfirmation && confirmed.deviceToken == nil && confirmed.returnTarget == "/account")
        #expect(confirmed.session.id == old.session.id && confirmed.session.createdAt == old.session.createdAt)
        #expect(confirmed.session.authenticatedAt == world.clock.now())
        #expect(confirmed.session.expiresAt == old.session.expiresAt)
        await expectRefusal(.sessionInvalid) {
            try await world.core.sessions.validate(token: old.token, world.administrator)
        }
        let live = try await world.core.sessions.validate(token: confirmed.token, world.administrator)
        #expect(live == confirmed.session)
        _ = try await world.core.sessions.revokeAll(of: live.userID, world.person(live))
        #expect(try await world.notices(to: address).isEmpty)
    }

    /// SECURITY SU-02.
    @Test func `a fresh proof by one factor is none of the level that the session reached before`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let strong = try await world.fresh(app.session, kind: .possession)
        let password = SecretBytes(utf8: SignInWorld.password)
        try await world.core.passwords.set(password, current: nil, world.person(strong))
        world.clock.advance(.seconds(3600))
        let flow = try await world.tryPassword(SignInWorld.password, of: address)
        let first = try await world.signIn.submitTOTP(flow.handle, code: app.code(world), world.browser())
        guard case .signedIn(let signedIn) = first else { throw Unexpected(outcome: "\(first)") }
        #expect(signedIn.session.level == .aal2 && signedIn.session.provedLevel == .aal2)
        world.clock.advance(.seconds(1800))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let second = try await world.signIn.submitTOTP(started.handle, code: app.code(world), world.browser())
        guard case .signedIn(let confirmed) = second else { throw Unexpected(outcome: "\(second)") }
        #expect(confirmed.session.level == .aal2 && confirmed.session.provedLevel == .aal1)
        let told = try await world.core.sessions.validate(token: confirmed.token, world.administrator)
        #expect(told.provedLevel == .aal1)
    }

    /// As an older version leaves it, which knows nothing of confirmations.
    @Test func `a confirmation without its user is over`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let code = try #require(try await world.code(to: address))
        try world.run("UPDATE sign_in_flows SET user_id = NULL WHERE session_id IS NOT NULL")
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
    }

    /// SECURITY SU-03.
    @Test func `the proof of one person confirms nothing of another's`() async throws {
        let world = try await SignInWorld()
        let ada = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: ada.token, world.browser())
        await expectRefusal(.signInStepNotDue) {
            try await world.signIn.identify(started.handle, identifier: "eve@example.com", world.browser())
        }
        // The address goes to somebody else while the code is under way.
        _ = try await world.signInCompletely("eve@example.com")
        let code = try #require(try await world.code(to: address))
        try world.run(
            """
            UPDATE user_identifiers SET user_id = (SELECT s.user_id FROM sessions s ORDER BY s.id DESC LIMIT 1)
            WHERE canonical = '\(address)'
            """
        )
        #expect(try await world.submit(code, started.handle).shape == .ended)
        let live = try await world.core.sessions.validate(token: ada.token, world.administrator)
        #expect(live.authenticatedAt == ada.session.authenticatedAt)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 2)
    }

    @Test func `a session that ended meanwhile stays ended`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let code = try #require(try await world.code(to: address))
        try await world.core.sessions.signOut(token: signedIn.token, world.browser())
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        await expectRefusal(.sessionInvalid) {
            try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        }
    }

    @Test func `nothing is asked of a person who never proved an address`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        try world.run("UPDATE user_identifiers SET verified_at = NULL")
        await expectRefusal(.stepUpImpossible) {
            try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        }
        #expect(try await world.number("SELECT COUNT(*) FROM sign_in_flows WHERE session_id IS NOT NULL") == 0)
    }

    @Test func `a disabled account confirms nothing`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let code = try #require(try await world.code(to: address))
        _ = try await world.core.users.disable(signedIn.session.userID, reason: "", world.administrator)
        #expect(try await world.submit(code, started.handle).shape == .ended)
    }

    /// SECURITY SU-06.
    @Test func `a clock that was set back makes no proof fresh`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely(address).session
        world.clock.advance(.seconds(-3600))
        await expectRefusal(.stepUpRequired) {
            try await world.core.sessions.revokeAll(of: session.userID, world.person(session))
        }
    }

    @Test func `twenty right codes at once confirm once`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely(address)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let code = try #require(try await world.code(to: address))
        let shapes = try await withThrowingTaskGroup(of: OutcomeShape.self) { group in
            for _ in 0..<20 { group.addTask { try await world.submit(code, started.handle).shape } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
    }
}
