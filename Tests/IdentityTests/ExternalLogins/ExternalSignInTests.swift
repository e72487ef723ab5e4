import Cryptography
import JSON
import MariaDB
import OpenIDConnect
import Synchronization
import Testing

@testable import Identity

struct ExternalSignInTests {
    private static let ada: [String: JSONValue] = [
        "sub": .string("ada"), "email": .string("ada@example.com"), "email_verified": .bool(true),
        "name": .string("Ada Lovelace"), "sid": .string("s1"),
    ]

    @Test
    func `somebody new gets an account with the address and the profile, and is known the next time`() async throws {
        let world = try await ProviderWorld()
        let first = try #require(try await world.signIn(Self.ada).signedIn)
        #expect(first.isNewUser && first.session.methods == ["external"] && first.session.level == .aal1)
        let user = try await world.core.users.get(first.session.userID, world.world.system)
        #expect(user.identifiers.map(\.value) == ["ada@example.com"] && user.identifiers[0].verifiedAt != nil)
        let profile = try await world.core.profiles.get(first.session.userID, world.world.system)
        #expect(profile.values.contains { $0.path.description == "name" && $0.value == .string("Ada Lovelace") })
        let second = try #require(try await world.signIn(Self.ada).signedIn)
        #expect(!second.isNewUser && second.session.userID == first.session.userID)
        #expect(try await world.world.number("SELECT COUNT(*) FROM external_sessions") == 2)
    }

    /// SECURITY OI-09.
    @Test
    func `an address is nobody's identity`() async throws {
        let world = try await ProviderWorld()
        let ada = try #require(try await world.signIn(Self.ada).signedIn)
        let other = try await world.signIn(Self.ada.merging(["sub": .string("other")]) { $1 })
        #expect(other.refusal == .unknown)
        #expect(try await world.world.events(.externalRefused) == 1)
        let second = try await ProviderWorld.make("second", world.world)
        #expect(second.id != world.provider.id)
        // The same subject at another provider is somebody else, whose address is taken.
        #expect(try await world.signIn(Self.ada, at: "second").refusal == .unknown)
        #expect(try await world.signIn(Self.ada).signedIn?.session.userID == ada.session.userID)
    }

    /// SECURITY OI-01, OI-02.
    @Test
    func `a state is good once, in its own browser, and at its own provider`() async throws {
        let world = try await ProviderWorld()
        _ = try await ProviderWorld.make("second", world.world)
        let context = world.world.anonymous()
        let started = try await world.begin(context)
        let handle = try #require(started.signIn?.handle)
        let stranger = try #require(
            try await world.begin(context).signIn?.handle
        )
        #expect(try await world.comeBack(started, Self.ada, handle: stranger, context).refusal == .over)
        #expect(try await world.comeBack(started, Self.ada, handle: nil, context).refusal == .over)
        #expect(try await world.comeBack(started, Self.ada, handle: handle, at: "second", context).refusal == .over)
        #expect(
            try await world.comeBack(started, Self.ada, handle: handle, world.world.caller(["sign_in"])).refusal
                == .over
        )
        #expect(try await world.comeBack(started, Self.ada, handle: handle, context).signedIn != nil)
        #expect(try await world.comeBack(started, Self.ada, handle: handle, context).refusal == .over)
    }

    /// SECURITY OI-13.
    @Test
    func `whoever is away too long, or whose provider is changed or switched off meanwhile, begins again`() async throws
    {
        let world = try await ProviderWorld()
        let context = world.world.anonymous()
        let late = try await world.begin(context)
        world.world.clock.advance(.seconds(901))
        #expect(try await world.comeBack(late, Self.ada, handle: late.signIn?.handle, context).refusal == .over)
        let changed = try await world.begin(context)
        let off = ProviderChanges(isEnabled: false)
        _ = try await world.core.providers.update(world.provider.id, off, world.world.system)
        #expect(try await world.comeBack(changed, Self.ada, handle: changed.signIn?.handle, context).refusal == .over)
        await expectRefusal(.providerOff) {
            try await world.begin(context)
        }
    }

    @Test
    func `what the provider refuses, breaks or does not answer is told apart, and the trail has the rule`() async throws
    {
        let world = try await ProviderWorld()
        let context = world.world.anonymous()
        let denied = try await world.begin(context)
        let state = ProviderWorld.query(denied.url)["state"] ?? ""
        let error = try ProviderWorld.parameters(state, code: nil, error: "access_denied")
        let outcome = try await world.core.externalLogins.finish(
            "example",
            error,
            handle: denied.signIn?.handle,
            context
        )
        #expect(outcome.refusal == .denied)
        #expect(try await world.signIn(Self.ada.merging(["aud": .string("other")]) { $1 }).refusal == .failed)
        let rule = "SELECT COUNT(*) FROM audit_events WHERE details LIKE '%audienceWrong%'"
        #expect(try await world.world.number(rule) == 1)
        let down = try await world.begin(context)
        world.answers.isDown.withLock { $0 = true }
        #expect(try await world.comeBack(down, Self.ada, handle: down.signIn?.handle, context).refusal == .unavailable)
    }

    /// SECURITY OI-12.
    @Test
    func `a second factor and the account's state hold for providers, too`() async throws {
        let world = try await ProviderWorld()
        let user = try #require(try await world.signIn(Self.ada).signedIn).session.userID
        try await world.world.run(
            """
            INSERT INTO totp_devices (id, user_id, name, secret, hash, digits, period, created_at, confirmed_at)
            SELECT UNHEX(REPEAT('11', 16)), id, 'app', 'x', 1, 6, 30, NOW(6), NOW(6) FROM users
            """
        )
        guard case .signIn(.proceed(let view)) = try await world.signIn(Self.ada) else {
            Issue.record("no second factor was asked for")
            return
        }
        #expect(view.steps.contains(.totp) && view.reasons.contains(.secondFactorEnrolled))
        _ = try await world.core.users.disable(user, reason: "", world.world.system)
        guard case .signIn(.refused) = try await world.signIn(Self.ada) else {
            Issue.record("a disabled user was let in")
            return
        }
    }

    @Test
    func `the policy for registrations holds for providers, too`() async throws {
        for (policy, isLetIn) in [
            (SelfRegistration.closed, false), (.invited, false), (.domains(["example.com"]), true),
            (.domains(["other.example"]), false), (.open, true),
        ] {
            let world = try await ProviderWorld(policy: { $0.selfRegistration = policy })
            let outcome = try await world.signIn(Self.ada)
            #expect((outcome.signedIn != nil) == isLetIn, "\(policy)")
            if !isLetIn { #expect(outcome.refusal == .unknown, "\(policy)") }
        }
        let closed = try await ProviderWorld(settings: { $0.allowsRegistration = false })
        #expect(try await closed.signIn(Self.ada).refusal == .unknown)
    }

    @Test
    func `an address that the provider does not speak for is not taken`() async throws {
        let world = try await ProviderWorld(settings: { $0.trustedDomains = [] })
        let made = try #require(try await world.signIn(Self.ada).signedIn)
        #expect(try await world.core.users.get(made.session.userID, world.world.system).identifiers.isEmpty)
        #expect(try await world.signIn(Self.ada).signedIn?.session.userID == made.session.userID)
    }

    /// SECURITY OI-15.
    @Test
    func `secrets are sealed in the database and absent from the log`() async throws {
        let world = try await ProviderWorld()
        _ = try await world.begin(world.world.anonymous())
        _ = try await world.signIn(Self.ada)
        #expect(
            try await world.world.number("SELECT COUNT(*) FROM external_providers WHERE secret LIKE '%very-secret%'")
                == 0
        )
        #expect(try await world.world.number("SELECT COUNT(*) FROM external_flows WHERE LENGTH(secrets) > 80") == 1)
        #expect(!world.world.log.text.contains("very-secret"))
        let basic = Array("client:very-secret".utf8)
        #expect(!world.world.log.text.contains(Base64URL.encode(basic)))
    }
}
