/// Every algorithm in use, and for what (SECURITY KEY-07).
///
/// A test holds it against the code.
package enum CryptographicInventory {
    /// One use of one algorithm.
    package struct Entry: Sendable {
        package let use: String
        package let algorithm: String
        package let standard: String
        /// The derived key that serves it; nil where no key of the ring is used.
        package let purpose: KeyPurpose?
    }

    package static let entries: [Entry] = [
        Entry(use: "subkeys", algorithm: "HKDF-SHA-256", standard: "RFC 5869", purpose: nil),
        Entry(use: "tokens at rest", algorithm: "SHA-256", standard: "FIPS 180-4", purpose: nil),
        Entry(use: "random values", algorithm: "OpenSSL CTR-DRBG", standard: "NIST SP 800-90A", purpose: nil),
        Entry(use: "development certificate", algorithm: "ECDSA P-256", standard: "FIPS 186-5", purpose: nil),
        Entry(use: "one-time codes", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .oneTimeCode),
        Entry(use: "sign-in handles", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .flowHandle),
        Entry(use: "form tokens", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .csrf),
        Entry(use: "cookies", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .cookie),
        Entry(use: "page tokens", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .pageToken),
        Entry(use: "throttle subjects", algorithm: "HMAC-SHA-256", standard: "RFC 2104", purpose: .throttleKey),
        Entry(use: "messages on their way", algorithm: "AES-256-GCM", standard: "NIST SP 800-38D", purpose: .outbox),
        Entry(use: "answers to replay", algorithm: "AES-256-GCM", standard: "NIST SP 800-38D", purpose: .idempotency),
    ]
}
