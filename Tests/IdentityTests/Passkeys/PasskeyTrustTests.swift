import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What a passkey is believed, whose it may be, and what strangers can do to it (SECURITY WA-24, TH-05, TH-09).
struct PasskeyTrustTests {
    private let address = "ada@example.com"

    /// SECURITY WA-24: whoever finds a key that never asked for a PIN can set one on it.
    @Test func `a key that never knew its owner is no first proof, and does not come to be two factors`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address, flags: 0x41)
        let unverified = "SELECT COUNT(*) FROM passkeys WHERE NOT is_user_verified"
        #expect(try await world.signIn(with: &made.client, flags: 0x05).shape == .tryAgain)
        #expect(try await world.number(unverified + " AND signature_count = 0 AND last_used_at IS NULL") == 1)
        // Beside an address, which is no factor, it is one.
        let flow = try await world.proveAddress(address)
        let options = try await world.signIn.beginPasskey(flow.handle, world.browser())
        let response = try made.client.assert(options, flags: 0x05)
        let outcome = try await world.signIn.submitPasskey(flow.handle, response: response, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.level == .aal1 && signedIn.session.provedKind == .possession)
        #expect(try await world.number(unverified) == 1)
        #expect(try await world.signIn(with: &made.client, flags: 0x05).shape == .tryAgain)
    }

    /// Level 3 section 7.2 step 24: another factor vouches for it.
    @Test func `a password beside it lets a key know its owner from then on`() async throws {
        var policy = IdentityPolicy()
        try policy.takePasswords(listed: [])
        let rules = policy.passwords
        let world = try await SignInWorld.withPasskeys { $0.passwords = rules }
        var made = try await world.passkeyOfNewUser(address, flags: 0x41)
        let strong = try await world.fresh(made.session, kind: .possession)
        try await world.core.passwords.set(SecretBytes(utf8: SignInWorld.password), current: nil, world.person(strong))
        let flow = try await world.tryPassword(SignInWorld.password, of: address)
        let options = try await world.signIn.beginPasskey(flow.handle, world.browser())
        let response = try made.client.assert(options, flags: 0x05)
        let outcome = try await world.signIn.submitPasskey(flow.handle, response: response, world.browser())
        guard case .signedIn(let signedIn) = outcome else { throw Unexpected(outcome: "\(outcome)") }
        #expect(signedIn.session.level == .aal2 && signedIn.session.provedKind == .multiple)
        #expect(try await world.signIn(with: &made.client, flags: 0x05).shape == .signedIn)
    }

    @Test func `a passkey signs its owner in who has a user name and no address`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        try world.run("UPDATE user_identifiers SET kind = 3, value = 'ada', canonical = 'ada', verified_at = NULL")
        guard case .signedIn(let signedIn) = try await world.signIn(with: &made.client) else {
            return #expect(Bool(false), "not signed in")
        }
        world.clock.advance(.seconds(1800))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        #expect(started.view.steps == [.passkey])
    }

    /// SECURITY TH-09.
    @Test func `options for a passkey are not given without end`() async throws {
        let world = try await SignInWorld.withPasskeys { $0.throttling.beginsPerSource.limit = 5 }
        let started = try await world.signIn.begin(SignInRequest(), world.browser())
        for _ in 0..<5 { _ = try await world.signIn.beginPasskey(started.handle, world.browser()) }
        await expectRefusal(.throttled) { try await world.signIn.beginPasskey(started.handle, world.browser()) }
        _ = try await world.signIn.begin(SignInRequest(), world.browser())
    }

    /// SECURITY TH-05: behind one address there may be many people.
    @Test func `strangers who use the budget of a source up lock neither passkeys nor known devices out`() async throws
    {
        let world = try await SignInWorld.withPasskeys { $0.throttling.source.limit = 6 }
        var made = try await world.passkeyOfNewUser(address)
        let device = try await world.deviceOfNewUser("eve@example.com")
        let started = try await world.begin("bob@example.com")
        for _ in 0..<8 { _ = try await world.submit("AAAA-AAAA", started.handle) }
        #expect(try await world.submit("AAAA-AAAA", started.handle).shape != .tryAgain)
        let other = try await world.begin("carol@example.com")
        let code = try #require(try await world.code(to: "carol@example.com"))
        #expect(try await world.submit(code, other.handle).shape == .throttled)
        #expect(try await world.signIn(with: &made.client).shape == .signedIn)
        #expect(try await world.signInCompletely("eve@example.com", world.browser(with: device)).deviceToken == nil)
    }
}
