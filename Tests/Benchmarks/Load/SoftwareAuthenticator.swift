internal import Cryptography
internal import Foundation
internal import PasskeySigner
internal import ScriptedAuthenticator
internal import Synchronization

/// One passkey, with the browser in front of it: answers options as JSON with responses as JSON.
///
/// A signature costs about what it costs any client; the rest is bytes put together.
final class SoftwareAuthenticator: Sendable {
    /// What it cannot do.
    enum Failure: Error { case noKey, noSignature, badOptions }

    /// Present and verified (Level 3 section 6.1).
    private static let used: UInt8 = 0x05
    /// The same, with a credential in the data.
    private static let made: UInt8 = 0x45

    private let signer: Signer
    private let origin: String
    private let credentialID = SystemRandom().bytes(32)
    private let state = Mutex((count: UInt32(0), userHandle: ""))

    init(origin: String) throws {
        self.origin = origin
        signer = try Signer()
    }

    /// Answers the options of a registration.
    func create(_ optionsJSON: String) throws -> String {
        let options = try JSONDecoder().decode(CreationOptions.self, from: Data(optionsJSON.utf8))
        state.withLock { $0.userHandle = options.user.id }
        let key = try signer.publicKey()
        let attested =
            [UInt8](repeating: 0, count: 16) + [0, UInt8(credentialID.count)] + credentialID
            + CBOR.map([
                (CBOR.integer(1), CBOR.integer(2)), (CBOR.integer(3), CBOR.integer(-7)),
                (CBOR.integer(-1), CBOR.integer(1)), (CBOR.integer(-2), CBOR.bytes(key.x)),
                (CBOR.integer(-3), CBOR.bytes(key.y)),
            ])
        let object = CBOR.map([
            (CBOR.text("fmt"), CBOR.text("none")), (CBOR.text("attStmt"), CBOR.map([])),
            (CBOR.text("authData"), CBOR.bytes(data(options.rp.id, Self.made) + attested)),
        ])
        let clientData = clientData("webauthn.create", options.challenge)
        return response([
            "\"clientDataJSON\":\"\(Base64URL.encode(clientData))\"",
            "\"attestationObject\":\"\(Base64URL.encode(object))\"", "\"transports\":[\"internal\"]",
        ])
    }

    /// Answers the options of a sign-in.
    func get(_ optionsJSON: String) throws -> String {
        let options = try JSONDecoder().decode(RequestOptions.self, from: Data(optionsJSON.utf8))
        let clientData = clientData("webauthn.get", options.challenge)
        let data = data(options.rpId, Self.used)
        let signature = try signer.sign(data + SHA256.digest(of: clientData))
        return response([
            "\"clientDataJSON\":\"\(Base64URL.encode(clientData))\"",
            "\"authenticatorData\":\"\(Base64URL.encode(data))\"",
            "\"signature\":\"\(Base64URL.encode(signature))\"",
            "\"userHandle\":\"\(state.withLock { $0.userHandle })\"",
        ])
    }

    private func clientData(_ type: String, _ challenge: String) -> [UInt8] {
        Array(
            "{\"type\":\"\(type)\",\"challenge\":\"\(challenge)\",\"origin\":\"\(origin)\",\"crossOrigin\":false}".utf8
        )
    }

    /// Authenticator data, with a count that only grows.
    private func data(_ relyingPartyID: String, _ flags: UInt8) -> [UInt8] {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        let bytes = (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) }
        return SHA256.digest(of: Array(relyingPartyID.utf8)) + [flags] + bytes
    }

    private func response(_ members: [String]) -> String {
        let id = Base64URL.encode(credentialID)
        return "{\"id\":\"\(id)\",\"rawId\":\"\(id)\",\"type\":\"public-key\",\"clientExtensionResults\":{},"
            + "\"response\":{\(members.joined(separator: ","))}}"
    }
}

private struct CreationOptions: Decodable {
    struct RelyingParty: Decodable { let id: String }
    struct User: Decodable { let id: String }
    let rp: RelyingParty
    let user: User
    let challenge: String
}

private struct RequestOptions: Decodable {
    let rpId: String
    let challenge: String
}
