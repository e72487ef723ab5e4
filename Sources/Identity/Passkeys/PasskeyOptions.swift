import Cryptography
import FoundationEssentials
package import MariaDB
import WebAuthn

/// What a browser is given to begin a ceremony.
package struct PasskeyOptions: Sendable, Hashable {
    /// The JSON form that `PublicKeyCredential.parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` read (Level 3
    /// sections 5.1.8 and 5.1.9).
    package let json: String
    package let expiresAt: Timestamp
}

/// The JSON of options; binary members are base64url.
enum PasskeyOptionsJSON {
    struct CredentialDescriptor: Encodable {
        let type = "public-key"
        let id: String
        let transports: [String]

        init(_ row: PasskeyRow) {
            id = Base64URL.encode(row.credentialID)
            transports = row.passkey.transports.map(\.rawValue)
        }
    }

    /// Level 3 section 5.4.
    struct Creation: Encodable {
        struct RelyingPartyEntity: Encodable {
            let id: String
            let name: String
        }
        struct UserEntity: Encodable {
            let id: String
            let name: String
            let displayName: String
        }
        struct Parameter: Encodable {
            let type = "public-key"
            let alg: Int32
        }
        struct Selection: Encodable {
            let residentKey = "required"
            let requireResidentKey = true
            let userVerification: String
        }

        let rp: RelyingPartyEntity
        let user: UserEntity
        let challenge: String
        let pubKeyCredParams: [Parameter]
        let timeout: Int64
        let excludeCredentials: [CredentialDescriptor]
        let authenticatorSelection: Selection
        let attestation: String
    }

    /// Level 3 section 5.5.
    struct Request: Encodable {
        let challenge: String
        let timeout: Int64
        let rpId: String
        let allowCredentials: [CredentialDescriptor]
        let userVerification: String
    }

    /// The text of options.
    static func text(_ options: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(options), as: UTF8.self)
    }
}
