internal import Cryptography

/// A signature algorithm of RFC 7518 section 3.1 or RFC 8037.
///
/// Only those with a public key are here: there is no way to name `none` or a shared secret (SECURITY OI-06).
package enum JWTAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    /// With Ed25519.
    case eddsa = "EdDSA"

    var signatureAlgorithm: SignatureAlgorithm {
        switch self {
        case .rs256: .rs256
        case .rs384: .rs384
        case .rs512: .rs512
        case .ps256: .ps256
        case .ps384: .ps384
        case .ps512: .ps512
        case .es256: .es256
        case .es384: .es384
        case .es512: .es512
        case .eddsa: .ed25519
        }
    }

    /// Bytes of a number of an ECDSA signature; nil for others.
    var coordinateCount: Int? {
        switch self {
        case .es256: 32
        case .es384: 48
        case .es512: 66
        default: nil
        }
    }

    /// Whether keys of a kind are for this algorithm.
    func fits(_ kind: VerificationKey.Kind) -> Bool {
        switch (self, kind) {
        case (.es256, .ellipticCurve(.p256)), (.es384, .ellipticCurve(.p384)), (.es512, .ellipticCurve(.p521)),
            (.eddsa, .edwards(.ed25519)):
            true
        case (.rs256, .rsa), (.rs384, .rsa), (.rs512, .rsa), (.ps256, .rsa), (.ps384, .rsa), (.ps512, .rsa): true
        default: false
        }
    }

    /// The left half of the hash that `at_hash` and `c_hash` are made of (OpenID Connect Core 1.0 section 3.3.2.11).
    func halfHash(of secret: SecretBytes) -> [UInt8] {
        let digest: [UInt8] =
            switch self {
            case .rs256, .ps256, .es256: SHA256.digest(of: secret)
            case .rs384, .ps384, .es384: SHA384.digest(of: secret)
            case .rs512, .ps512, .es512, .eddsa: SHA512.digest(of: secret)
            }
        return Array(digest.prefix(digest.count / 2))
    }
}
