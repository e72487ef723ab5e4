package import Cryptography

/// A signature algorithm by its number in IANA's COSE registry, as far as we verify it (RFC 9053, RFC 8812).
package enum COSEAlgorithm: Int32, Sendable, Hashable, CaseIterable {
    case es256 = -7
    /// EdDSA; WebAuthn means Ed25519 by it (Level 3 section 5.8.5).
    case edDSA = -8
    case es384 = -35
    case es512 = -36
    case ps256 = -37
    case ps384 = -38
    case ps512 = -39
    /// EdDSA over Ed448, fully specified (RFC 9864).
    case ed448 = -53
    case rs256 = -257
    case rs384 = -258
    case rs512 = -259
    /// RSA with SHA-1: never a credential's, only in TPM statements.
    case rs1 = -65535

    /// What a caller may ask an authenticator for, strongest habits first.
    package static let forCredentials = allCases.filter { $0 != .rs1 }

    /// A credential's algorithm by its registered name, such as `ES256`; nil for any other.
    package init?(name: String) {
        guard let algorithm = Self.forCredentials.first(where: { Array($0.name.utf8) == Array(name.utf8) }) else {
            return nil
        }
        self = algorithm
    }

    /// The name in the registry of COSE algorithms.
    package var name: String {
        switch self {
        case .es256: "ES256"
        case .es384: "ES384"
        case .es512: "ES512"
        case .ps256: "PS256"
        case .ps384: "PS384"
        case .ps512: "PS512"
        case .rs256: "RS256"
        case .rs384: "RS384"
        case .rs512: "RS512"
        case .rs1: "RS1"
        case .edDSA: "EdDSA"
        case .ed448: "Ed448"
        }
    }

    /// The algorithm of a CBOR number; nil for any other.
    init?(_ value: CBORValue?) {
        guard let number = value?.integer.flatMap(Int32.init(exactly:)) else { return nil }
        self.init(rawValue: number)
    }

    /// The algorithm by the name that signatures are checked under.
    package var signatureAlgorithm: SignatureAlgorithm {
        switch self {
        case .es256: .es256
        case .es384: .es384
        case .es512: .es512
        case .ps256: .ps256
        case .ps384: .ps384
        case .ps512: .ps512
        case .rs256: .rs256
        case .rs384: .rs384
        case .rs512: .rs512
        case .rs1: .rs1
        case .edDSA: .ed25519
        case .ed448: .ed448
        }
    }
}
