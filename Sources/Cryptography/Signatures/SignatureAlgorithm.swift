/// How a signature is made; independent of the numbers that protocols give to it.
package enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// ECDSA (FIPS 186-5) on P-256, P-384 and P-521 with the SHA-2 of their size; DER signatures only.
    case es256, es384, es512
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2); `rs1`, with SHA-1, is for TPM statements only.
    case rs1, rs256, rs384, rs512
    /// RSASSA-PSS (RFC 8017 section 8.1), MGF1 with the same hash, and a salt as long as the hash.
    case ps256, ps384, ps512
    /// EdDSA (RFC 8032).
    case ed25519, ed448

    /// The hash; nil where it is part of the algorithm.
    var digest: DigestAlgorithm? {
        switch self {
        case .rs1: .sha1
        case .es256, .rs256, .ps256: .sha256
        case .es384, .rs384, .ps384: .sha384
        case .es512, .rs512, .ps512: .sha512
        case .ed25519, .ed448: nil
        }
    }

    var usesPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }

    /// Whether keys of a kind make signatures like this.
    func fits(_ kind: VerificationKey.Kind) -> Bool {
        switch (self, kind) {
        case (.es256, .ellipticCurve(.p256)), (.es384, .ellipticCurve(.p384)), (.es512, .ellipticCurve(.p521)),
            (.ed25519, .edwards(.ed25519)), (.ed448, .edwards(.ed448)):
            true
        case (.rs1, .rsa), (.rs256, .rsa), (.rs384, .rsa), (.rs512, .rsa), (.ps256, .rsa), (.ps384, .rsa),
            (.ps512, .rsa):
            true
        default: false
        }
    }
}
