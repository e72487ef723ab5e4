package import Cryptography

/// Proof Key for Code Exchange with S256, the only method that is used (RFC 7636; SECURITY OI-01).
package struct PKCE: Sendable {
    /// 43 characters of 256 random bits.
    package let verifier: SecretBytes

    package init(random: any RandomSource) {
        verifier = SecretBytes(copying: random.secret(32).withBytes { Base64URL.encodedBytes($0) })
    }

    package init(verifier: SecretBytes) { self.verifier = verifier }

    package var challenge: String { Base64URL.encode(SHA256.digest(of: verifier)) }
}
