import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// Who gets an account by proving an address (SECURITY ADM-11).
@Suite struct SelfRegistrationTests {
    @Test(arguments: [
        (SelfRegistration.open, true), (.invited, false), (.closed, false), (.domains(["example.com"]), true),
        (.domains(["example.org", "ample.com", "mail.example.com"]), false), (.domains([]), false),
    ])
    func `the policy decides whether an unknown address gets mail and an account`(
        policy: SelfRegistration,
        isLetIn: Bool
    ) async throws {
        let world = try await SignInWorld { $0.selfRegistration = policy }
        let started = try await world.begin("new@Example.com")
        #expect(try await world.number("SELECT COUNT(*) FROM outbox") == 1)
        let code = try await world.code(to: "new@Example.com")
        #expect((code != nil) == isLetIn)
        if let code { #expect(try await world.submit(code, started.handle).shape == .signedIn) }
        #expect(try await world.number("SELECT COUNT(*) FROM users") == (isLetIn ? 1 : 0))
    }

    @Test func `a policy that closes while a code is under way holds at the end`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("new@example.com")
        let code = try #require(try await world.code(to: "new@example.com"))
        let closed = try SignInWorld(world.configuration, clock: world.clock, post: world.post) {
            $0.selfRegistration = .closed
        }
        #expect(try await closed.submit(code, started.handle).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 0)
        #expect(try await world.submit(code, started.handle).shape == .ended)
    }

    @Test(arguments: [SelfRegistration.invited, .closed])
    func `a user an administrator made signs in, and the proof verifies the address`(policy: SelfRegistration)
        async throws
    {
        let world = try await SignInWorld { $0.selfRegistration = policy }
        let request = NewUser(identifiers: [NewIdentifier(kind: .email, value: "Ada@example.com")])
        let user = try await world.core.users.create(request, world.administrator)
        #expect(user.identifiers.first?.verifiedAt == nil)
        let started = try await world.begin("ADA@EXAMPLE.COM")
        await world.worker.deliverDue()
        // Mail goes to the stored spelling, not to the submitted one (REC-06).
        #expect(world.post.messages.map(\.to.text) == ["Ada@example.com"])
        let code = try #require(try await world.code(to: "Ada@example.com"))
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
        let verified = try await world.core.users.get(user.id, world.administrator)
        #expect(verified.identifiers.first?.verifiedAt == world.clock.now())
        #expect(verified.revision > user.revision)
    }

    /// SECURITY SE-04.
    @Test func `a new session has a new token, and a handle is no session`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        await #expect(throws: FlowError.self) {
            try await world.core.sessions.validate(token: started.handle, world.administrator)
        }
        let code = try #require(try await world.code(to: "a@example.com"))
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            throw Unexpected(outcome: "not signed in")
        }
        #expect(!signedIn.token.isEqual(to: started.handle))
        await #expect(throws: FlowError.self) {
            try await world.core.sessions.validate(token: started.handle, world.administrator)
        }
        await #expect(throws: FlowError.self) { try await world.signIn.view(started.handle, world.browser()) }
        #expect(
            try await world.core.sessions.validate(token: signedIn.token, world.administrator).id == signedIn.session.id
        )
    }

    @Test func `a cancelled flow takes no code`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        try await world.signIn.cancel(started.handle, world.browser())
        #expect(try await world.submit(code, started.handle).shape == .ended)
        #expect(world.comparisons.count == 0)
    }

    @Test func `the return target comes back as it was given`() async throws {
        let world = try await SignInWorld()
        let request = SignInRequest(identifier: "a@example.com", returnTarget: "account/sessions")
        let started = try await world.signIn.begin(request, world.browser())
        #expect(started.view.returnTarget == "account/sessions")
        let code = try #require(try await world.code(to: "a@example.com"))
        guard case .signedIn(let signedIn) = try await world.submit(code, started.handle) else {
            throw Unexpected(outcome: "not signed in")
        }
        #expect(signedIn.returnTarget == "account/sessions")
    }

    @Test(arguments: ["", "a", "a@b@c", "victim@example.com,evil@example.com", "a b@example.com", "a@exa\u{0}mple.com"])
    func `what is no address is told so before anything is written`(text: String) async throws {
        let world = try await SignInWorld()
        await #expect { try await world.begin(text) } throws: { ($0 as? FlowError)?.reason == .emailInvalid }
        #expect(try await world.number("SELECT COUNT(*) FROM throttles") == 0)
    }

    @Test func `a service account needs the scope, and a session carried by one is not enough`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("a@example.com").session
        let credential = Caller.Credential.certificate
        let poor = Caller(id: .zero, name: "poor", scopes: .none, credential: credential)
        let rich = Caller(id: .zero, name: "rich", scopes: .all, credential: credential)
        for actor in [CallContext.Actor.serviceAccount(poor), .user(session, via: rich)] {
            let context = CallContext(actor: actor, requestID: "r", deadline: .after(.seconds(600)))
            await #expect { try await world.begin("b@example.com", context) } throws: {
                ($0 as? FlowError)?.reason == .permissionMissing
            }
        }
    }

    @Test func `success, failure and refusal are each in the audit trail, without the address`() async throws {
        let world = try await SignInWorld()
        let started = try await world.begin("canary@example.com")
        _ = try await world.submit("00000000", started.handle)
        let code = try #require(try await world.code(to: "canary@example.com"))
        _ = try await world.submit(code, started.handle)
        for (kind, count) in [
            ("sign_in.code_sent", 1), ("sign_in.refused", 1), ("sign_in.succeeded", 1), ("user.created", 1),
        ] {
            #expect(
                try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = '\(kind)'") == Int64(count),
                "\(kind)"
            )
        }
        let named = "SELECT COUNT(*) FROM audit_events WHERE details LIKE '%canary%' OR details LIKE '%\(code)%'"
        #expect(try await world.number(named) == 0)
    }
}
