import Cryptography
import MariaDB
import ScriptedAuthenticator
import Testing

@testable import Identity

/// PRODUCT section 6: each decision carries its reasons and is in the audit trail, as one event with what it decides.
struct SignInDecisionTests {
    private static let address = "ada@example.com"

    /// A decision, and what the audit trail holds of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// As `kind outcome reason: all reasons`.
        let event: String
        let shape: OutcomeShape
        var change: @Sendable (inout IdentityPolicy) -> Void = { _ in }
        /// Walks up to the decision, calls `mark`, and decides.
        let walk: @Sendable (SignInWorld, @Sendable () throws -> Void) async throws -> SignInOutcome
    }

    static let allowed: [Row] = [
        Row(
            testDescription: "a new person",
            event: "sign_in.succeeded 1 sign_in.no_second_factor: sign_in.no_second_factor sign_in.user_registered",
            shape: .signedIn
        ) { world, mark in try await world.decideByCode(address, mark) },
        Row(
            testDescription: "a known person without a second factor",
            event: "sign_in.succeeded 1 sign_in.no_second_factor: sign_in.no_second_factor",
            shape: .signedIn
        ) { world, mark in
            try await world.userWithPassword(address)
            try mark()
            return try await world.tryPassword(SignInWorld.password, of: address).outcome
        },
        Row(
            testDescription: "an app after a code",
            event: "sign_in.succeeded 1 sign_in.second_factor_proved: sign_in.second_factor_proved",
            shape: .signedIn
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            let flow = try await world.proveAddress(address)
            try mark()
            return try await world.signIn.submitTOTP(flow.handle, code: app.code(world), world.browser())
        },
        Row(
            testDescription: "a device that is remembered",
            event: "sign_in.succeeded 1 sign_in.device_remembered: sign_in.device_remembered",
            shape: .signedIn
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            let context = try await world.rememberedDevice(of: app, address)
            return try await world.decideByCode(address, on: context, mark)
        },
        Row(
            testDescription: "a recovery code",
            event: "sign_in.succeeded 1 sign_in.recovery_code: sign_in.recovery_code",
            shape: .signedIn
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            let strong = try await world.fresh(app.session, kind: .possession)
            let codes = try await world.core.recoveryCodes.generate(world.person(strong))
            await world.worker.deliverDue()
            let flow = try await world.proveAddress(address)
            try mark()
            return try await world.signIn.submitRecoveryCode(
                flow.handle,
                code: try #require(codes.first),
                world.browser()
            )
        },
        Row(
            testDescription: "a level that nothing reaches, which is to be set up",
            event: """
                sign_in.succeeded 1 sign_in.no_second_factor: \
                sign_in.no_second_factor sign_in.demanded_factor_missing
                """,
            shape: .signedIn
        ) { world, mark in
            _ = try await world.makeUser(address)
            return try await world.decideByCode(address, wanting: .aal2, mark)
        },
        Row(
            testDescription: "a recovery code where a level is demanded",
            event: "sign_in.succeeded 1 sign_in.recovery_code: sign_in.recovery_code",
            shape: .signedIn
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            let strong = try await world.fresh(app.session, kind: .possession)
            let codes = try await world.core.recoveryCodes.generate(world.person(strong))
            await world.worker.deliverDue()
            let flow = try await world.proveAddress(address, wanting: .aal2)
            try mark()
            let code = try #require(codes.first)
            return try await world.signIn.submitRecoveryCode(flow.handle, code: code, world.browser())
        },
        Row(
            testDescription: "a password that is too old",
            event: "sign_in.succeeded 1 sign_in.no_second_factor: sign_in.no_second_factor sign_in.password_aged",
            shape: .signedIn,
            change: { $0.passwords.maximumAge = .seconds(86_400) }
        ) { world, mark in
            try await world.userWithPassword(address)
            world.clock.advance(.seconds(86_400))
            try mark()
            return try await world.tryPassword(SignInWorld.password, of: address).outcome
        },
        Row(
            testDescription: "a confirmed session",
            event: "sign_in.succeeded 1 sign_in.no_second_factor: sign_in.no_second_factor",
            shape: .signedIn
        ) { world, mark in
            let signedIn = try await world.signInCompletely(address)
            let started = try await world.beginStepUp(signedIn)
            let code = try #require(try await world.code(to: address))
            try mark()
            return try await world.submit(code, started.handle)
        },
    ]

    static let askedMore: [Row] = [
        Row(
            testDescription: "an app is enrolled",
            event: "sign_in.more_demanded 1 sign_in.second_factor_enrolled: sign_in.second_factor_enrolled",
            shape: .proceed
        ) { world, mark in
            _ = try await world.enrolledApp(address)
            return try await world.decideByCode(address, mark)
        },
        Row(
            testDescription: "a level is demanded, and an app is enrolled",
            event: """
                sign_in.more_demanded 1 sign_in.level_demanded: \
                sign_in.level_demanded sign_in.second_factor_enrolled
                """,
            shape: .proceed
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            try await world.setPassword(of: app)
            return try await world.decideByCode(address, wanting: .aal2, mark)
        },
        Row(
            testDescription: "a level is demanded that an address and an app do not reach",
            event: "sign_in.more_demanded 1 sign_in.level_demanded: sign_in.level_demanded",
            shape: .proceed
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            try await world.setPassword(of: app)
            let flow = try await world.proveAddress(address, wanting: .aal2)
            try mark()
            return try await world.signIn.submitTOTP(flow.handle, code: app.code(world), world.browser())
        },
        Row(
            testDescription: "a password is short",
            event: "sign_in.more_demanded 1 sign_in.password_short: sign_in.password_short",
            shape: .proceed
        ) { world, mark in
            try await world.userWithPassword(address)
            try world.run("UPDATE passwords SET is_long = 0")
            try mark()
            return try await world.tryPassword(SignInWorld.password, of: address).outcome
        },
        Row(
            testDescription: "a password is too old for a device that is remembered",
            event: """
                sign_in.more_demanded 1 sign_in.second_factor_enrolled: \
                sign_in.second_factor_enrolled sign_in.password_aged
                """,
            shape: .proceed,
            change: { $0.passwords.maximumAge = .seconds(86_400) }
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            try await world.setPassword(of: app)
            let context = try await world.rememberedDevice(of: app, address)
            world.clock.advance(.seconds(86_400))
            try mark()
            return try await world.tryPassword(SignInWorld.password, of: address, context).outcome
        },
    ]

    static let denied: [Row] = [
        Row(
            testDescription: "a disabled person",
            event: "sign_in.refused 3 users.state_unsuitable: users.state_unsuitable",
            shape: .ended
        ) { world, mark in
            let session = try await world.userWithPassword(address)
            _ = try await world.core.users.disable(session.userID, reason: "left", world.administrator)
            try mark()
            return try await world.tryPassword(SignInWorld.password, of: address).outcome
        },
        Row(
            testDescription: "nobody may register",
            event: "sign_in.refused 3 sign_in.registration_refused: sign_in.registration_refused",
            shape: .ended,
            change: { $0.selfRegistration = .closed }
        ) { world, mark in
            // A code goes to nobody who is unknown: she is forgotten after it was sent.
            let name = NewIdentifier(kind: .email, value: address)
            _ = try await world.core.users.create(NewUser(identifiers: [name]), world.administrator)
            let started = try await world.begin(address)
            _ = try await world.signIn.sendCode(started.handle, world.browser())
            let code = try #require(try await world.code(to: address))
            try world.run("UPDATE user_identifiers SET canonical = 'eve@example.com'")
            try mark()
            return try await world.submit(code, started.handle)
        },
        Row(
            testDescription: "a password that was replaced meanwhile",
            event: "sign_in.refused 3 sign_in.password_replaced: sign_in.password_replaced",
            shape: .ended
        ) { world, mark in
            let app = try await world.enrolledApp(address)
            try await world.setPassword(of: app)
            let flow = try await world.tryPassword(SignInWorld.password, of: address)
            world.clock.advance(.seconds(1))
            try await world.setPassword(of: app, "gravel umpire 41 lantern")
            try mark()
            return try await world.signIn.submitTOTP(flow.handle, code: app.code(world), world.browser())
        },
        Row(
            testDescription: "a session that ended meanwhile",
            event: "sign_in.refused 3 session.invalid: session.invalid",
            shape: .ended
        ) { world, mark in
            let signedIn = try await world.signInCompletely(address)
            let started = try await world.beginStepUp(signedIn)
            let code = try #require(try await world.code(to: address))
            try await world.core.sessions.signOut(token: signedIn.token, world.browser())
            try mark()
            return try await world.submit(code, started.handle)
        },
        Row(
            testDescription: "a wrong password",
            event: "sign_in.refused 2 sign_in.refused: ",
            shape: .tryAgain
        ) { world, mark in
            try await world.userWithPassword(address)
            try mark()
            return try await world.tryPassword("not \(SignInWorld.password)", of: address).outcome
        },
    ]

    @Test(arguments: allowed + askedMore + denied)
    func `a decision is in the audit trail once, with all its reasons`(_ row: Row) async throws {
        let world = try await SignInWorld.withPasswords(row.change)
        let outcome = try await row.walk(world) { try world.run("DELETE FROM audit_events") }
        #expect(outcome.shape == row.shape)
        #expect(try await world.decisions() == [row.event])
        // Who holds the flow is told the same.
        let told = row.event.split(separator: ": ").dropFirst().joined()
        switch outcome {
        case .signedIn(let signedIn): #expect(signedIn.reasons.map(\.rawValue).joined(separator: " ") == told)
        case .proceed(let view): #expect(view.reasons.map(\.rawValue).joined(separator: " ") == told)
        case .refused: break
        }
    }

    @Test func `a passkey that verified the person needs nothing else, and a forged one is refused`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var known = try await world.passkeyOfNewUser(Self.address)
        try world.run("DELETE FROM audit_events")
        #expect(try await world.signIn(with: &known.client) { $0.challenge = "AAAA" }.shape == .tryAgain)
        #expect(try await world.decisions() == ["sign_in.refused 2 sign_in.refused: "])
        try world.run("DELETE FROM audit_events")
        #expect(try await world.signIn(with: &known.client).shape == .signedIn)
        #expect(
            try await world.decisions() == ["sign_in.succeeded 1 sign_in.passkey_verified: sign_in.passkey_verified"]
        )
    }

    @Test func `too many failures are in the audit trail when the limit is reached`() async throws {
        let world = try await SignInWorld.withPasswords { $0.throttling.account.limit = 2 }
        try await world.userWithPassword(Self.address)
        let started = try await world.begin(Self.address)
        try world.run("DELETE FROM audit_events")
        for _ in 0..<2 {
            _ = try await world.signIn.submitPassword(started.handle, password: SecretBytes(utf8: "x"), world.browser())
        }
        let failure = "sign_in.refused 2 sign_in.refused: "
        #expect(try await world.decisions() == [failure, failure, "sign_in.throttled 2 throttled: "])
    }

    @Test func `a flow keeps its reasons, and has none before the first proof`() async throws {
        let world = try await SignInWorld()
        _ = try await world.enrolledApp(Self.address)
        let started = try await world.begin(Self.address)
        #expect(started.view.reasons.isEmpty)
        let code = try #require(try await world.code(to: Self.address))
        _ = try await world.submit(code, started.handle)
        let view = try await world.signIn.view(started.handle, world.browser())
        #expect(view.reasons == [.secondFactorEnrolled] && view.steps == [.totp])
    }

    /// SECURITY LOG-06.
    @Test func `a decision that cannot be put into the audit trail is not made`() async throws {
        let world = try await SignInWorld()
        _ = try await world.enrolledApp(Self.address)
        let started = try await world.begin(Self.address)
        let code = try #require(try await world.code(to: Self.address))
        try world.run("ALTER TABLE audit_events ADD CONSTRAINT refused CHECK (kind <> 'sign_in.more_demanded')")
        await #expect(throws: FlowError.self) { try await world.submit(code, started.handle) }
        #expect(try await world.number("SELECT COUNT(*) FROM sign_in_flows WHERE factors <> '' AND state = 2") == 0)
        try world.run("ALTER TABLE audit_events DROP CONSTRAINT refused")
        #expect(try await world.submit(code, started.handle).shape == .proceed)
    }

    @Test func `a demand for a fresher or stronger proof is in the audit trail once, with its reason`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(Self.address)
        let sessions = world.core.sessions
        try world.run("DELETE FROM audit_events")
        let stale = world.person(app.session)
        await expectRefusal(.stepUpRequired) { try await sessions.revokeAll(of: app.session.userID, stale) }
        let event = "step_up.demanded 3 step_up.proof_stale: "
        #expect(try await world.decisions() == [event])
        await expectRefusal(.stepUpRequired) { try await world.core.totp.begin(name: "Tablet", stale) }
        #expect(try await world.decisions() == [event, event])
        let weak = world.person(try await world.fresh(app.session, kind: .address))
        try world.run("DELETE FROM audit_events")
        let new = SecretBytes(utf8: SignInWorld.password)
        await expectRefusal(.stepUpRequired) { try await world.core.passwords.set(new, current: nil, weak) }
        #expect(try await world.decisions() == ["step_up.demanded 3 step_up.proof_weak: "])
        let named = """
            SELECT COUNT(*) FROM audit_events WHERE actor_kind = 2 AND session_id IS NOT NULL
                AND subject_user_id = actor_id
            """
        #expect(try await world.number(named) == 1)
    }
}

extension SignInWorld {
    /// Begins a flow, asks for a code where none comes unasked, calls `mark`, submits.
    fileprivate func decideByCode(
        _ address: String,
        on context: CallContext? = nil,
        wanting demand: AssuranceDemand = .nothing,
        _ mark: @Sendable () throws -> Void
    ) async throws -> SignInOutcome {
        let context = context ?? browser()
        let request = SignInRequest(identifier: address, demand: demand)
        let started = try await signIn.begin(request, context)
        _ = try await signIn.sendCode(started.handle, context)
        let code = try #require(try await code(to: address))
        try mark()
        return try await submit(code, started.handle, context)
    }

    /// Proves an app on its device, which is remembered; an hour passes.
    fileprivate func rememberedDevice(of app: EnrolledApp, _ address: String) async throws -> CallContext {
        let context = browser(with: app.device)
        let flow = try await proveAddress(address, context)
        let code = try app.code(self)
        let outcome = try await signIn.submitTOTP(flow.handle, code: code, remembersDevice: true, context)
        #expect(outcome.shape == .signedIn)
        clock.advance(.seconds(3600))
        return context
    }

    /// Begins to confirm a session, a while after it began.
    fileprivate func beginStepUp(_ signedIn: SignedIn) async throws -> StartedSignIn {
        clock.advance(.seconds(3600))
        let started = try await signIn.beginStepUp(session: signedIn.token, browser())
        return started
    }

    /// Sets a password after a proof by the app.
    func setPassword(of app: EnrolledApp, _ password: String = SignInWorld.password) async throws {
        let strong = try await fresh(app.session, kind: .possession)
        try await core.passwords.set(SecretBytes(utf8: password), current: nil, person(strong))
        await worker.deliverDue()
    }

    /// The decisions in the audit trail, as `kind outcome reason: all reasons`.
    fileprivate func decisions() async throws -> [String] {
        try await database.read(deadline: .after(.seconds(600))) { try $0.all(ListDecisions()) }
    }
}

/// What the audit trail holds of decisions, by kind: the clock of a test stands still, so that ids keep no order.
private struct ListDecisions: Statement {
    static let sql: SQL = """
        SELECT kind, outcome, reason, JSON_VALUE(details, '$.reasons')
        FROM audit_events
        WHERE kind IN ('sign_in.succeeded', 'sign_in.more_demanded', 'sign_in.refused', 'sign_in.throttled',
            'step_up.demanded')
        ORDER BY kind, reason
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> String {
        let (kind, outcome) = (try columns.next(String.self), try columns.next(UInt8.self))
        let (reason, reasons) = (try columns.next(String.self), try columns.nextOptional(String.self))
        return "\(kind) \(outcome) \(reason): \(reasons ?? "")"
    }
}
