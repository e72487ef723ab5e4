import Cryptography
import FoundationEssentials
import WebAuthn

/// What a browser answers, in the JSON form of `PublicKeyCredential.toJSON()` (Level 3 section 5.1, `RegistrationResponseJSON`
/// and `AuthenticationResponseJSON`).
///
/// Members that we do not know are passed over; nothing in it is believed before the ceremony checked it.
enum PasskeyResponseJSON {
    /// Larger than any honest response, with every part at its own limit.
    private static let maximumBytes = 150_000

    private struct Envelope<Inner: Decodable>: Decodable {
        let id: String
        let rawId: String
        let type: String
        let response: Inner

        var envelope: CredentialEnvelope? {
            Base64URL.decode(rawId).map { CredentialEnvelope(id: id, rawID: $0, type: type) }
        }
    }

    private struct Registration: Decodable {
        let clientDataJSON: String
        let attestationObject: String
        let transports: [String]?
    }

    private struct Authentication: Decodable {
        let clientDataJSON: String
        let authenticatorData: String
        let signature: String
        let userHandle: String?
    }

    /// The response of a registration; nil for what is none.
    static func registration(_ json: [UInt8]) -> RegistrationResponse? {
        guard let read: Envelope<Registration> = decoded(json), let envelope = read.envelope,
            let clientData = Base64URL.decode(read.response.clientDataJSON),
            let object = Base64URL.decode(read.response.attestationObject)
        else { return nil }
        return RegistrationResponse(
            envelope: envelope,
            clientDataJSON: clientData,
            attestationObject: object,
            transports: read.response.transports ?? []
        )
    }

    /// The response of an authentication; nil for what is none.
    static func authentication(_ json: [UInt8]) -> AuthenticationResponse? {
        guard let read: Envelope<Authentication> = decoded(json), let envelope = read.envelope,
            let clientData = Base64URL.decode(read.response.clientDataJSON),
            let data = Base64URL.decode(read.response.authenticatorData),
            let signature = Base64URL.decode(read.response.signature)
        else { return nil }
        var handle: [UInt8]?
        if let text = read.response.userHandle {
            guard let bytes = Base64URL.decode(text) else { return nil }
            handle = bytes
        }
        return AuthenticationResponse(
            envelope: envelope,
            clientDataJSON: clientData,
            authenticatorData: data,
            signature: signature,
            userHandle: handle
        )
    }

    private static func decoded<Value: Decodable>(_ json: [UInt8]) -> Value? {
        guard json.count <= maximumBytes else { return nil }
        return try? JSONDecoder().decode(Value.self, from: Data(json))
    }
}
