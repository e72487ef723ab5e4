/// A key that every password is hashed with before Argon2, kept outside the database (SECURITY PW-10).
///
/// Whoever has the database alone cannot try a single password. The key's id is stored beside the record, so that keys
/// rotate: a record under an older key is verified with it and made anew.
package struct Pepper: Sendable {
    private let keyRing: KeyRing

    package init(keyRing: KeyRing) {
        self.keyRing = keyRing
    }

    /// The key for new records.
    package var activeKeyID: UInt32 { keyRing.activeKeyID }

    /// HMAC-SHA-256 of a normalised password under a key of the ring.
    ///
    /// - Parameters:
    ///   - password: Normalised.
    ///   - keyID: `activeKeyID` for a new record, the id stored beside it for an old one.
    /// - Returns: 32 bytes to hash in place of the password.
    /// - Throws: `.unknownKey` when the ring has no such key any more.
    package func apply(to password: SecretBytes, keyID: UInt32) throws(CryptographyError) -> SecretBytes {
        try keyRing.authenticationCode(for: password, purpose: .passwordPepper, keyID: keyID)
    }
}
