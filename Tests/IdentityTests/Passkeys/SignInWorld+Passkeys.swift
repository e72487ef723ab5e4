import Cryptography
import Foundation
import MariaDB
import ScriptedAuthenticator
import Testing
import WebAuthn

@testable import Identity

/// What a browser makes of options, with an authenticator by script.
struct PasskeyClient {
    let authenticator: ScriptedAuthenticator
    let credentialID: [UInt8]
    /// The handle that the authenticator keeps with the credential.
    var userHandle: [UInt8] = []
    var count: UInt32 = 1

    init(credentialID: [UInt8] = SystemRandom().bytes(16)) throws {
        authenticator = try ScriptedAuthenticator()
        self.credentialID = credentialID
    }

    /// The JSON of a registration for these options; `bend` changes one thing before it is signed.
    mutating func register(
        _ options: PasskeyOptions,
        flags: UInt8 = 0x45,
        _ bend: (inout ScriptedAuthenticator.Script) -> Void = { _ in }
    ) throws -> [UInt8] {
        var script = ScriptedAuthenticator.Script()
        script.challenge = try Self.member("challenge", of: options)
        script.origin = SignInWorld.origin
        script.relyingPartyID = SignInWorld.relyingPartyID
        script.credentialID = credentialID
        script.flags = flags
        script.count = 0
        bend(&script)
        userHandle = try #require(Base64URL.decode(try Self.member("id", of: options, in: "user")))
        let response = authenticator.registration(script)
        return try Self.json(
            response.envelope,
            [
                "clientDataJSON": Base64URL.encode(response.clientDataJSON),
                "attestationObject": Base64URL.encode(response.attestationObject),
            ]
        )
    }

    /// The JSON of an assertion for these options.
    mutating func assert(
        _ options: PasskeyOptions,
        flags: UInt8 = 0x05,
        userHandle: [UInt8]?? = .none,
        _ bend: (inout ScriptedAuthenticator.Script) -> Void = { _ in }
    ) throws -> [UInt8] {
        var script = ScriptedAuthenticator.Script.assertion
        script.challenge = try Self.member("challenge", of: options)
        script.origin = SignInWorld.origin
        script.relyingPartyID = SignInWorld.relyingPartyID
        script.credentialID = credentialID
        script.flags = flags
        script.count = count
        count += 1
        bend(&script)
        let handle = userHandle ?? self.userHandle
        let response = try authenticator.assertion(script, userHandle: handle)
        var members = [
            "clientDataJSON": Base64URL.encode(response.clientDataJSON),
            "authenticatorData": Base64URL.encode(response.authenticatorData),
            "signature": Base64URL.encode(response.signature),
        ]
        if let handle { members["userHandle"] = Base64URL.encode(handle) }
        return try Self.json(response.envelope, members)
    }

    /// A text in options.
    static func member(_ name: String, of options: PasskeyOptions, in parent: String? = nil) throws -> String {
        var object = try #require(try JSONSerialization.jsonObject(with: Data(options.json.utf8)) as? [String: Any])
        if let parent { object = try #require(object[parent] as? [String: Any]) }
        return try #require(object[name] as? String)
    }

    /// How many credentials options list.
    static func count(_ list: String, of options: PasskeyOptions) throws -> Int {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(options.json.utf8)) as? [String: Any])
        return try #require(object[list] as? [Any]).count
    }

    private static func json(_ envelope: CredentialEnvelope, _ response: [String: String]) throws -> [UInt8] {
        let object: [String: Any] = [
            "id": envelope.id, "rawId": Base64URL.encode(envelope.rawID), "type": envelope.type, "response": response,
            "clientExtensionResults": [String: String](),
        ]
        return Array(try JSONSerialization.data(withJSONObject: object))
    }
}

extension SignInWorld {
    static let origin = "https://login.example.org"
    static let relyingPartyID = "example.org"

    /// A world with passkeys.
    static func withPasskeys(_ change: @escaping (inout IdentityPolicy) -> Void = { _ in }) async throws -> SignInWorld
    {
        try await SignInWorld {
            $0.passkeys.relyingParty = RelyingParty(id: relyingPartyID, origins: [origin])
            change(&$0)
        }
    }

    /// A new person with a passkey; an hour passes.
    func passkeyOfNewUser(
        _ address: String,
        flags: UInt8 = 0x45
    ) async throws -> (client: PasskeyClient, passkey: Passkey, session: Session) {
        let session = try await signInCompletely(address).session
        var client = try PasskeyClient()
        let options = try await core.passkeys.beginRegistration(person(session))
        let response = try client.register(options, flags: flags)
        let passkey = try await core.passkeys.finishRegistration(response, name: "Key", person(session))
        clock.advance(.seconds(3600))
        return (client, passkey, session)
    }

    /// Signs in by a passkey with nobody named.
    func signIn(
        with client: inout PasskeyClient,
        flags: UInt8 = 0x05,
        _ bend: (inout ScriptedAuthenticator.Script) -> Void = { _ in }
    ) async throws -> SignInOutcome {
        let started = try await signIn.begin(SignInRequest(), browser())
        let options = try await signIn.beginPasskey(started.handle, browser())
        let response = try client.assert(options, flags: flags, bend)
        return try await signIn.submitPasskey(started.handle, response: response, browser())
    }
}
