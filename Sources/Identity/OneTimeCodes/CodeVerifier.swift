import Cryptography

/// Makes and compares the stored form of codes: an HMAC under the key ring, because a code alone could be searched for.
///
/// A value, so that tests can count how often a comparison is reached.
struct CodeVerifier: Sendable {
    /// The stored form of these bytes.
    let authenticationCode: @Sendable (_ bytes: [UInt8]) -> AuthenticationCode
    /// Compares in constant time, under the key that the stored form names.
    let isValid: @Sendable (_ stored: AuthenticationCode, _ bytes: [UInt8]) -> Bool

    /// The verifier that production uses.
    static func keyed(by keyRing: KeyRing) -> CodeVerifier {
        CodeVerifier(
            authenticationCode: { keyRing.authenticationCode(for: $0, purpose: .oneTimeCode) },
            isValid: { keyRing.isValid($0, for: $1, purpose: .oneTimeCode) }
        )
    }
}
