import Cryptography
import Foundation
import Testing

@testable import Identity

/// What browsers are told of the passkeys of a person.
struct PasskeySignalTests {
    private let address = "ada@example.com"

    private func members(_ text: String?) throws -> [String: Any] {
        let text = try #require(text)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func `one's own passkeys are told, under one's name, while they are registered`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let made = try await world.passkeyOfNewUser(address)
        _ = try await world.passkeyOfNewUser("eve@example.com")
        let person = world.person(made.session)
        let signals = try await world.core.passkeys.signals(about: "", person)
        let accepted = try members(signals.allAcceptedCredentials)
        #expect(accepted["rpId"] as? String == SignInWorld.relyingPartyID)
        #expect(accepted["userId"] as? String == Base64URL.encode(made.client.userHandle))
        #expect(accepted["allAcceptedCredentialIds"] as? [String] == [Base64URL.encode(made.client.credentialID)])
        let details = try members(signals.currentUserDetails)
        #expect(details["userId"] as? String == Base64URL.encode(made.client.userHandle))
        #expect(details["name"] as? String == address && details["displayName"] as? String == address)
        #expect(details["rpId"] as? String == SignInWorld.relyingPartyID && signals.unknownCredential == nil)
        try world.run("DELETE FROM passkeys")
        let after = try await world.core.passkeys.signals(about: "", person)
        let none = try members(after.allAcceptedCredentials)
        #expect((none["allAcceptedCredentialIds"] as? [String])?.isEmpty == true)
    }

    @Test func `a passkey is unknown unless it is one's own, whoever has it`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let made = try await world.passkeyOfNewUser(address)
        let other = try await world.passkeyOfNewUser("eve@example.com")
        let person = world.person(made.session)
        let own = Base64URL.encode(made.client.credentialID)
        #expect(try await world.core.passkeys.signals(about: own, person).unknownCredential == nil)
        for identifier in [Base64URL.encode(other.client.credentialID), Base64URL.encode([1])] {
            let signals = try await world.core.passkeys.signals(about: identifier, person)
            let unknown = try members(signals.unknownCredential)
            #expect(unknown["credentialId"] as? String == identifier)
            #expect(unknown["rpId"] as? String == SignInWorld.relyingPartyID)
        }
    }

    @Test func `somebody without passkeys, and nobody, is told of none`() async throws {
        let world = try await SignInWorld.withPasskeys()
        let person = world.person(try await world.signInCompletely(address).session)
        #expect(try await world.core.passkeys.signals(about: "", person) == PasskeySignals())
        await expectRefusal(.credentialsMissing) {
            try await world.core.passkeys.signals(about: "", world.browser())
        }
        await expectRefusal(.permissionMissing) {
            try await world.core.passkeys.signals(about: "", world.administrator)
        }
    }

    @Test(arguments: ["=", "A", "AA==", "A+/=", String(repeating: "A", count: 1366)])
    func `what is no identifier is refused by its field`(text: String) async throws {
        let world = try await SignInWorld.withPasskeys()
        let person = world.person(try await world.signInCompletely(address).session)
        let refusal = await expectRefusal(.fieldInvalid) {
            try await world.core.passkeys.signals(about: text, person)
        }
        #expect(refusal.map { "\($0)".contains("credential_id") } == true)
    }
}
