import Cryptography
import MariaDB
import ScriptedAuthenticator
import Testing
import WebAuthn

@testable import Identity

/// SECURITY 1.8, as far as the store and the flows hold it.
struct PasskeySignInTests {
    private let address = "ada@example.com"

    @Test func `a verified passkey alone signs in at the second level, with nobody named`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let outcome = try await world.signIn(with: &made.client)
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.userID == made.session.userID)
        #expect(signedIn.session.level == .aal2 && signedIn.session.provedKind == .multiple)
        #expect(signedIn.session.methods == ["hwk"])
        let used = try await world.core.passkeys.list(made.session.userID, world.administrator)
        #expect(used.first?.lastUsedAt == world.clock.now())
    }

    /// An application tells the device when the flow begins, where nobody is named yet, and not again.
    @Test func `a passkey is used on the device that its flow began on, which is not told of as new each time`()
        async throws
    {
        let world = try await SignInWorld.withPasskeys()
        let first = try await world.signInCompletely(address)
        let other = try await world.signInCompletely("eve@example.com")
        var client = try PasskeyClient()
        let options = try await world.core.passkeys.beginRegistration(world.person(first.session))
        let response = try client.register(options)
        _ = try await world.core.passkeys.finishRegistration(response, name: "Key", world.person(first.session))
        world.clock.advance(.seconds(3600))
        let devices = DeviceTokens(try #require(other.deviceToken)).adding(try #require(first.deviceToken))
        let application = world.application(ServiceAccountID.make(at: world.clock.now(), random: SystemRandom()))
        func signIn(_ tokens: DeviceTokens) async throws -> SignedIn {
            var told = application
            told.devices = tokens
            let started = try await world.signIn.begin(SignInRequest(), told)
            let options = try await world.signIn.beginPasskey(started.handle, application)
            let assertion = try client.assert(options)
            let outcome = try await world.signIn.submitPasskey(started.handle, response: assertion, application)
            guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
            return signedIn
        }
        let before = try await world.notices(to: address)
        let again = try await signIn(DeviceTokens(devices))
        #expect(again.session.userID == first.session.userID && again.deviceToken == nil)
        #expect(try await world.notices(to: address) == before)
        // Somebody else's device is none of this person's, nor is none.
        for tokens in [DeviceTokens(try #require(other.deviceToken)), .none] {
            #expect(try await signIn(tokens).deviceToken != nil)
        }
        #expect(try await world.notices(to: address).count == before.count + 2)
        #expect(try await world.number("SELECT COUNT(*) FROM devices") == 4)
    }

    /// SECURITY WO-02 holds for it as for any other challenge.
    @Test func `a flow can begin with its challenge, which is good for one answer`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let started = try await world.signIn.begin(SignInRequest(wantsPasskey: true), world.browser())
        let options = try #require(started.passkey)
        #expect(try PasskeyClient.member("userVerification", of: options) == "required")
        let wrong = try made.client.assert(options) { $0.origin = "https://evil.example.org" }
        guard case .refused = try await world.signIn.submitPasskey(started.handle, response: wrong, world.browser())
        else { return #expect(Bool(false), "another origin signed in") }
        let late = try made.client.assert(options)
        guard case .refused = try await world.signIn.submitPasskey(started.handle, response: late, world.browser())
        else { return #expect(Bool(false), "a challenge was good twice") }
        let next = try await world.signIn.beginPasskey(started.handle, world.browser())
        let right = try made.client.assert(next)
        let outcome = try await world.signIn.submitPasskey(started.handle, response: right, world.browser())
        guard case .signedIn = outcome else { throw Unexpected(outcome: "\(outcome)") }
    }

    @Test func `where no passkeys are in use a flow begins without a challenge`() async throws {
        let world = try await SignInWorld()
        let started = try await world.signIn.begin(SignInRequest(wantsPasskey: true), world.browser())
        #expect(started.passkey == nil)
        #expect(try await world.number("SELECT COUNT(*) FROM passkey_challenges") == 0)
    }

    /// SECURITY OTP-05: what the flow was sent before is good for nothing once it has ended.
    @Test func `a passkey that ends a named flow voids the code that it was sent`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let started = try await world.begin(address)
        #expect(try await world.number("SELECT COUNT(*) FROM one_time_codes") == 1)
        let options = try await world.signIn.beginPasskey(started.handle, world.browser())
        let response = try made.client.assert(options)
        let outcome = try await world.signIn.submitPasskey(started.handle, response: response, world.browser())
        guard case .signedIn = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(try await world.number("SELECT COUNT(*) FROM one_time_codes") == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM passkey_challenges") == 0)
    }

    /// What somebody enrolled is not read where it cannot matter, and is read wherever it can.
    @Test func `only a passkey that is two factors, with no password beside it, asks for nothing that is enrolled`() {
        func factor(_ method: SignInMethodName, _ kind: FactorKind) -> Factor {
            Factor(method: method, kind: kind, provedAt: Timestamp(microsecondsSinceEpoch: 1))
        }
        let whole = factor(.passkey, .multiple)
        #expect(!SignInDecision.dependsOnEnrolment([whole]))
        #expect(!SignInDecision.dependsOnEnrolment([factor(.emailCode, .address), whole]))
        let others: [[Factor]] = [
            [], [factor(.emailCode, .address)], [factor(.passkey, .possession)], [factor(.totp, .possession)],
            [factor(.password, .knowledge), whole], [factor(.password, .knowledge), factor(.totp, .possession)],
        ]
        for factors in others { #expect(SignInDecision.dependsOnEnrolment(factors), "\(factors)") }
    }

    /// SECURITY WO-06.
    @Test func `the options for a name tell nothing of who has a passkey`() async throws {
        let world = try await SignInWorld.withPasskeys()
        _ = try await world.passkeyOfNewUser(address)
        for name in [address, "nobody@example.com"] {
            let started = try await world.begin(name)
            #expect(started.view.steps.last == .passkey && started.view.steps.count == 2)
            let options = try await world.signIn.beginPasskey(started.handle, world.browser())
            #expect(try PasskeyClient.count("allowCredentials", of: options) == 0)
            #expect(try PasskeyClient.member("userVerification", of: options) == "required")
        }
    }

    @Test func `whoever has a passkey must use it after a code, and another's does not do`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var ada = try await world.passkeyOfNewUser(address)
        var eve = try await world.passkeyOfNewUser("eve@example.com")
        let flow = try await world.proveAddress(address)
        guard case .proceed(let view) = flow.outcome else { throw Unexpected(outcome: "\(flow.outcome)") }
        #expect(view.steps == [.passkey])
        var options = try await world.signIn.beginPasskey(flow.handle, world.browser())
        #expect(try PasskeyClient.count("allowCredentials", of: options) == 1)
        let foreign = try eve.client.assert(options)
        let refused = try await world.signIn.submitPasskey(flow.handle, response: foreign, world.browser())
        #expect(refused.shape == .tryAgain)
        options = try await world.signIn.beginPasskey(flow.handle, world.browser())
        let own = try ada.client.assert(options, flags: 0x01)
        let outcome = try await world.signIn.submitPasskey(flow.handle, response: own, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.provedKind == .possession && signedIn.session.level == .aal1)
    }

    /// SECURITY WA-06: the victim is named, the passkey is the attacker's.
    @Test func `a passkey signs nobody in but its owner, whoever is named`() async throws {
        let world = try await SignInWorld.withPasskeys()
        _ = try await world.passkeyOfNewUser(address)
        var eve = try await world.passkeyOfNewUser("eve@example.com")
        let started = try await world.begin(address)
        let options = try await world.signIn.beginPasskey(started.handle, world.browser())
        let response = try eve.client.assert(options)
        let outcome = try await world.signIn.submitPasskey(started.handle, response: response, world.browser())
        #expect(outcome.shape == .tryAgain)
    }

    @Test func `handles of another, and none at all, are refused`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var ada = try await world.passkeyOfNewUser(address)
        let eve = try await world.passkeyOfNewUser("eve@example.com")
        for handle: [UInt8]? in [eve.client.userHandle, nil, []] {
            let started = try await world.signIn.begin(SignInRequest(), world.browser())
            let options = try await world.signIn.beginPasskey(started.handle, world.browser())
            let response = try ada.client.assert(options, userHandle: .some(handle))
            let outcome = try await world.signIn.submitPasskey(started.handle, response: response, world.browser())
            #expect(outcome.shape == .tryAgain)
        }
    }

    @Test func `without verification of the person a passkey alone does not sign in`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        #expect(try await world.signIn(with: &made.client, flags: 0x01).shape == .tryAgain)
    }

    /// SECURITY WO-02.
    @Test func `a challenge is good for one attempt in its own flow`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let first = try await world.signIn.begin(SignInRequest(), world.browser())
        let other = try await world.signIn.begin(SignInRequest(), world.browser())
        let options = try await world.signIn.beginPasskey(first.handle, world.browser())
        _ = try await world.signIn.beginPasskey(other.handle, world.browser())
        let response = try made.client.assert(options)
        #expect(
            try await world.signIn.submitPasskey(other.handle, response: response, world.browser()).shape == .tryAgain
        )
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try? await world.signIn.submitPasskey(first.handle, response: response, world.browser()).shape
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
    }

    @Test func `a failed attempt uses the challenge up, and so does time`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let started = try await world.signIn.begin(SignInRequest(), world.browser())
        var options = try await world.signIn.beginPasskey(started.handle, world.browser())
        let wrong = try made.client.assert(options) { $0.origin = "https://evil.example" }
        let right = try made.client.assert(options)
        for response in [wrong, right] {
            let outcome = try await world.signIn.submitPasskey(started.handle, response: response, world.browser())
            #expect(outcome.shape == .tryAgain)
        }
        options = try await world.signIn.beginPasskey(started.handle, world.browser())
        let late = try made.client.assert(options)
        world.clock.advance(.seconds(300))
        #expect(
            try await world.signIn.submitPasskey(started.handle, response: late, world.browser()).shape == .tryAgain
        )
    }

    /// SECURITY WA-22.
    @Test func `a counter that goes back refuses a key that stays on its device, and is told`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        made.client.count = 10
        #expect(try await world.signIn(with: &made.client).shape == .signedIn)
        #expect(try await world.number("SELECT signature_count FROM passkeys") == 10)
        made.client.count = 10
        #expect(try await world.signIn(with: &made.client).shape == .tryAgain)
        #expect(try await world.number("SELECT signature_count FROM passkeys") == 10)
        let passkey = try await world.core.passkeys.list(made.session.userID, world.administrator).first
        #expect(passkey?.suspectedCopyAt == world.clock.now())
        #expect(try await world.notices(to: address).contains("A passkey was refused at Gatehouse"))
    }

    @Test func `a counter that goes back is no reason to refuse a key that may be copied`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address, flags: 0x4D)
        made.client.count = 10
        #expect(try await world.signIn(with: &made.client, flags: 0x0D).shape == .signedIn)
        made.client.count = 3
        #expect(try await world.signIn(with: &made.client, flags: 0x0D).shape == .signedIn)
        #expect(try await world.number("SELECT signature_count FROM passkeys") == 10)
        #expect(try await world.number("SELECT COUNT(*) FROM passkeys WHERE suspected_copy_at IS NOT NULL") == 0)
        let told = "SELECT COUNT(*) FROM audit_events WHERE kind = 'authenticator.suspected'"
        #expect(try await world.number(told) == 1)
    }

    /// SECURITY WA-24, WA-25.
    @Test func `a disabled account is not let in, and its passkey stays as it was`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        _ = try await world.core.users.disable(made.session.userID, reason: "", world.administrator)
        #expect(try await world.signIn(with: &made.client).shape == .ended)
        let untouched = "SELECT COUNT(*) FROM passkeys WHERE signature_count = 0 AND last_used_at IS NULL"
        #expect(try await world.number(untouched) == 1)
    }

    /// SECURITY TH-05.
    @Test func `strangers who fail with codes, with other passkeys or with its own id do not lock a passkey`()
        async throws
    {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        try await world.failUntilDisabled(address)
        // The id of a passkey is no secret: a forger may know it.
        for credentialID in [made.client.credentialID + [0], made.client.credentialID] {
            var forged = try PasskeyClient(credentialID: credentialID)
            for _ in 0..<8 {
                forged.userHandle = made.client.userHandle
                #expect(try await world.signIn(with: &forged).shape == .tryAgain)
            }
        }
        #expect(try await world.signIn(with: &made.client).shape == .signedIn)
    }

    @Test func `a session is confirmed by the passkey, and by nothing weaker`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        guard case .signedIn(let signedIn) = try await world.signIn(with: &made.client) else {
            throw Unexpected(outcome: "not signed in")
        }
        world.clock.advance(.seconds(1800))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        #expect(started.view.steps == [.passkey])
        let options = try await world.signIn.beginPasskey(started.handle, world.browser())
        #expect(try PasskeyClient.member("userVerification", of: options) == "required")
        let response = try made.client.assert(options)
        let outcome = try await world.signIn.submitPasskey(started.handle, response: response, world.browser())
        guard case .signedIn(let confirmed) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(confirmed.isConfirmation && confirmed.session.provedKind == .multiple)
    }
}
