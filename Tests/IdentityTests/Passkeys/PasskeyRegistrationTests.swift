import Cryptography
import MariaDB
import ScriptedAuthenticator
import Testing
import WebAuthn

@testable import Identity

/// SECURITY 1.5 and 1.6, as far as the store and the flows hold them.
struct PasskeyRegistrationTests {
    private let address = "ada@example.com"

    @Test func `a passkey is registered, listed, and told of`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let made = try await world.passkeyOfNewUser(address)
        #expect(made.passkey.name == "Key" && made.passkey.lastUsedAt == nil)
        #expect(try await world.core.passkeys.list(made.session.userID, world.person(made.session)) == [made.passkey])
        #expect(try await world.notices(to: address) == ["A passkey was added at Gatehouse"])
    }

    @Test func `options name what the policy wants and exclude what the person has`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let made = try await world.passkeyOfNewUser(address)
        let fresh = try await world.fresh(made.session, kind: .multiple)
        let options = try await world.core.passkeys.beginRegistration(world.person(fresh))
        #expect(try PasskeyClient.member("id", of: options, in: "rp") == SignInWorld.relyingPartyID)
        #expect(try PasskeyClient.count("excludeCredentials", of: options) == 1)
        #expect(try PasskeyClient.count("pubKeyCredParams", of: options) == PasskeyPolicy().algorithms.count)
        let handle = try #require(Base64URL.decode(try PasskeyClient.member("id", of: options, in: "user")))
        #expect(handle.count == 64 && handle == made.client.userHandle)
        #expect(Base64URL.decode(try PasskeyClient.member("challenge", of: options))?.count == 32)
    }

    /// SECURITY WO-02: also a failed attempt uses the challenge up.
    @Test func `a challenge is good for one attempt, right or wrong, and for a time`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let session = try await world.signInCompletely(address).session
        let person = world.person(session)
        var client = try PasskeyClient()
        var options = try await world.core.passkeys.beginRegistration(person)
        let wrong = try client.register(options) { $0.origin = "https://evil.example" }
        let right = try client.register(options)
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(wrong, name: "x", person)
        }
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(right, name: "x", person)
        }
        options = try await world.core.passkeys.beginRegistration(person)
        let late = try client.register(options)
        world.clock.advance(.seconds(300))
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(late, name: "x", person)
        }
        #expect(try await world.number("SELECT COUNT(*) FROM passkeys") == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM passkey_challenges") == 0)
    }

    @Test func `a response to another's challenge registers nothing`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let ada = world.person(try await world.signInCompletely(address).session)
        let eve = world.person(try await world.signInCompletely("eve@example.com").session)
        var client = try PasskeyClient()
        let response = try client.register(try await world.core.passkeys.beginRegistration(ada))
        _ = try await world.core.passkeys.beginRegistration(eve)
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(response, name: "x", eve)
        }
    }

    /// SECURITY WR-26.
    @Test func `a credential that anybody has is not registered again, and its owner keeps it`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var ada = try await world.passkeyOfNewUser(address)
        let eve = world.person(try await world.signInCompletely("eve@example.com").session)
        let response = try ada.client.register(try await world.core.passkeys.beginRegistration(eve))
        await expectRefusal(.passkeyTaken) {
            try await world.core.passkeys.finishRegistration(response, name: "x", eve)
        }
        #expect(try await world.core.passkeys.list(ada.session.userID, world.administrator) == [ada.passkey])
    }

    @Test func `without a fresh proof, a proved address or the site's address nothing is registered`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let session = try await world.signInCompletely(address).session
        world.clock.advance(.seconds(601))
        await expectRefusal(.stepUpRequired) {
            try await world.core.passkeys.beginRegistration(world.person(session))
        }
        let fresh = try await world.fresh(session, kind: .address)
        try world.run("UPDATE user_identifiers SET verified_at = NULL")
        await expectRefusal(.provedAddressNeeded) {
            try await world.core.passkeys.beginRegistration(world.person(fresh))
        }
        let without = try await SignInWorld()
        let person = without.person(try await without.signInCompletely(address).session)
        await expectRefusal(.passkeysOff) { try await without.core.passkeys.beginRegistration(person) }
    }

    /// SECURITY WO-02: a refusal, too, is an attempt.
    @Test func `a challenge is used up by whoever comes too late to be believed`() async throws {
        let world = try await SignInWorld.withPasskeys { $0.proofFreshness = .seconds(60) }
        let session = try await world.signInCompletely(address).session
        var client = try PasskeyClient()
        let options = try await world.core.passkeys.beginRegistration(world.person(session))
        let response = try client.register(options)
        world.clock.advance(.seconds(61))
        let late = world.person(session)
        await expectRefusal(.stepUpRequired) {
            try await world.core.passkeys.finishRegistration(response, name: "Key", late)
        }
        let fresh = world.person(try await world.fresh(session, kind: .address))
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(response, name: "Key", fresh)
        }
        #expect(
            try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'step_up.demanded'") == 1
        )
    }

    /// PRODUCT section 5.
    @Test func `keys that may leave their device are refused where that is the rule`() async throws {
        let world = try await SignInWorld.withPasskeys { $0.passkeys.allowsSynchronised = false }
        let person = world.person(try await world.signInCompletely(address).session)
        for (flags, isTaken) in [(UInt8(0x4D), false), (0x5D, false), (0x45, true)] {
            var client = try PasskeyClient()
            let response = try client.register(try await world.core.passkeys.beginRegistration(person), flags: flags)
            let made = try? await world.core.passkeys.finishRegistration(response, name: "Key", person)
            #expect((made != nil) == isTaken, "\(flags)")
        }
    }

    @Test func `a person has a number of passkeys`() async throws {
        let world = try await SignInWorld.withPasskeys { $0.passkeys.maximumPerUser = 1 }
        let made = try await world.passkeyOfNewUser(address)
        let fresh = try await world.fresh(made.session, kind: .multiple)
        await expectRefusal(.tooManyAuthenticators) {
            try await world.core.passkeys.beginRegistration(world.person(fresh))
        }
    }

    @Test(arguments: ["", "{}", "[]", "null", "{\"id\":1}", String(repeating: "x", count: 200_000)])
    func `what is no response is refused like a wrong one`(json: String) async throws {
        let world = try await SignInWorld.withPasskeys()
        let person = world.person(try await world.signInCompletely(address).session)
        _ = try await world.core.passkeys.beginRegistration(person)
        await expectRefusal(.enrolmentRefused) {
            try await world.core.passkeys.finishRegistration(Array(json.utf8), name: "x", person)
        }
    }

    @Test func `a passkey is removed after the strongest proof only, and is good for nothing then`() async throws {
        let world = try await SignInWorld.withPasskeys()
        var made = try await world.passkeyOfNewUser(address)
        let (id, user) = (made.passkey.id, made.session.userID)
        let weak = try await world.fresh(made.session, kind: .possession)
        await expectRefusal(.stepUpRequired) { try await world.core.passkeys.remove(id, of: user, world.person(weak)) }
        let eve = try await world.signInCompletely("eve@example.com").session
        await expectRefusal(.notFound) { try await world.core.passkeys.remove(id, of: user, world.person(eve)) }
        await expectRefusal(.notFound) { try await world.core.passkeys.rename(id, to: "x", world.person(eve)) }
        let strong = try await world.fresh(weak, kind: .multiple)
        try await world.core.passkeys.rename(id, to: "Other", world.person(strong))
        #expect(try await world.core.passkeys.list(user, world.person(strong)).map(\.name) == ["Other"])
        try await world.core.passkeys.remove(id, of: user, world.person(strong))
        #expect(try await world.signIn(with: &made.client).shape == .tryAgain)
        #expect(try await world.notices(to: address).contains("A passkey was removed at Gatehouse"))
    }
}
