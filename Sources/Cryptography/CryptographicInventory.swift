/// Every algorithm of this module and every use of a key of the ring (SECURITY KEY-07).
///
/// A test holds both lists against the source text, so that neither can be forgotten when the code changes.
package enum CryptographicInventory {
    /// One algorithm that is compiled in.
    package struct Algorithm: Sendable {
        package let name: String
        package let standard: String
        /// What OpenSSL or its command calls it in our source.
        package let implementation: String
        package let use: String
    }

    /// How a key of the ring is used.
    package enum Operation: String, Sendable {
        /// AES-256-GCM.
        case sealing
        /// HMAC-SHA-256.
        case authentication
    }

    /// One use of a key of the ring.
    package struct KeyUse: Sendable {
        package let purpose: KeyPurpose
        package let operation: Operation
        package let protects: String
    }

    package static let algorithms = [
        Algorithm(name: "SHA-1", standard: "FIPS 180-4", implementation: "EVP_sha1", use: "TOTP, TPM statements"),
        Algorithm(
            name: "SHA-256",
            standard: "FIPS 180-4",
            implementation: "EVP_sha256",
            use: "tokens at rest, audit chain"
        ),
        Algorithm(name: "SHA-384", standard: "FIPS 180-4", implementation: "EVP_sha384", use: "signatures"),
        Algorithm(name: "SHA-512", standard: "FIPS 180-4", implementation: "EVP_sha512", use: "TOTP, signatures"),
        Algorithm(name: "HMAC", standard: "RFC 2104", implementation: "COpenSSL.HMAC", use: "codes, with SHA-256"),
        Algorithm(name: "HKDF", standard: "RFC 5869", implementation: "EVP_PKEY_HKDF", use: "a key per purpose"),
        Algorithm(name: "AES-256-GCM", standard: "SP 800-38D", implementation: "EVP_aes_256_gcm", use: "sealing"),
        Algorithm(name: "ECDSA P-256", standard: "FIPS 186-5", implementation: "p256", use: "development certificate"),
        Algorithm(name: "ECDSA", standard: "FIPS 186-5", implementation: "d2i_ECDSA_SIG", use: "passkeys, tokens"),
        Algorithm(name: "RSA PKCS #1", standard: "RFC 8017", implementation: "rs256", use: "passkeys, tokens"),
        Algorithm(
            name: "RSA PSS",
            standard: "RFC 8017",
            implementation: "RSA_PKCS1_PSS_PADDING",
            use: "passkeys, tokens"
        ),
        Algorithm(name: "EdDSA", standard: "RFC 8032", implementation: "ed25519, ed448", use: "passkeys, tokens"),
        Algorithm(name: "X.509", standard: "RFC 5280", implementation: "X509_verify_cert", use: "attestation"),
        Algorithm(name: "Argon2", standard: "RFC 9106", implementation: "CArgon2_hash", use: "passwords"),
        Algorithm(name: "scrypt", standard: "RFC 7914", implementation: "EVP_PBE_scrypt", use: "imported passwords"),
        Algorithm(name: "PBKDF2", standard: "RFC 8018", implementation: "PKCS5_PBKDF2", use: "imported passwords"),
        Algorithm(name: "bcrypt", standard: "crypt(5)", implementation: "crypt_rn", use: "imported passwords"),
        Algorithm(name: "SHA-crypt", standard: "crypt(5)", implementation: "crypt_rn", use: "imported passwords"),
        Algorithm(
            name: "CTR-DRBG",
            standard: "SP 800-90A",
            implementation: "RAND_",
            use: "keys, tokens, codes, nonces"
        ),
    ]

    package static let keyUses = [
        KeyUse(purpose: .oneTimeCode, operation: .authentication, protects: "one-time codes in the database"),
        KeyUse(purpose: .csrf, operation: .authentication, protects: "forms of the site"),
        KeyUse(purpose: .cookie, operation: .sealing, protects: "notices carried over a redirect"),
        KeyUse(purpose: .undeletion, operation: .authentication, protects: "links that take a deletion back"),
        KeyUse(purpose: .pageToken, operation: .authentication, protects: "page tokens of lists"),
        KeyUse(purpose: .throttleKey, operation: .authentication, protects: "subjects of throttles in the database"),
        KeyUse(purpose: .outbox, operation: .sealing, protects: "messages that wait to be sent"),
        KeyUse(purpose: .totp, operation: .sealing, protects: "the secrets of authenticator apps"),
        KeyUse(purpose: .idempotency, operation: .sealing, protects: "answers kept for a repeated call"),
        KeyUse(purpose: .recoveryCodeLookup, operation: .authentication, protects: "which recovery code is which"),
        KeyUse(purpose: .auditSeal, operation: .authentication, protects: "the digests of the audit trail"),
        KeyUse(purpose: .externalProvider, operation: .sealing, protects: "secrets shared with providers"),
        KeyUse(purpose: .passwordPepper, operation: .authentication, protects: "passwords, before they are hashed"),
    ]
}
