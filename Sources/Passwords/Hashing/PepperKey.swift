package import Cryptography

/// A pepper and which of its keys a record is under.
package struct PepperKey: Sendable {
    package let pepper: Pepper
    /// The id that is stored beside the record.
    package let keyID: UInt32

    package init(_ pepper: Pepper, keyID: UInt32) {
        self.pepper = pepper
        self.keyID = keyID
    }

    /// The key for new records.
    package init(activeOf pepper: Pepper) {
        self.init(pepper, keyID: pepper.activeKeyID)
    }
}

extension PepperKey? {
    /// The bytes that are hashed in place of a password.
    func apply(to password: SecretBytes) throws(CryptographyError) -> SecretBytes {
        guard let self else { return password }
        return try self.pepper.apply(to: password, keyID: self.keyID)
    }
}
