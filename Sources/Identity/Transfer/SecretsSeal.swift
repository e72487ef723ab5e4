package import Cryptography

/// What seals the secrets of one user in an export, under a key that the server does not keep (AES-256-GCM).
///
/// Bound to the user: what is moved to another's row does not open.
package struct SecretsSeal: Sendable {
    private let key: SecretBytes
    private static let version: UInt8 = 1
    private static let context = Array("gatehouse user secrets".utf8)

    /// Takes a key of 32 bytes.
    package init(key: SecretBytes) throws(FlowError) {
        guard key.count == AES256GCM.keyCount else {
            throw .invalid("secrets_key", .fieldInvalid, "must have \(AES256GCM.keyCount) bytes")
        }
        self.key = key
    }

    /// A version, a nonce, the ciphertext and its tag.
    package func seal(_ secrets: SecretBytes, of user: String) throws(CryptographyError) -> [UInt8] {
        let nonce = SystemRandom().bytes(AES256GCM.nonceCount)
        let data = additionalData(user)
        return [Self.version] + nonce
            + (try AES256GCM.seal(secrets, key: key, nonce: nonce, additionalData: data))
    }

    /// Opens what `seal` made for the same user; nil for anything else.
    package func open(_ sealed: [UInt8], of user: String) -> SecretBytes? {
        guard sealed.first == Self.version, sealed.count > AES256GCM.nonceCount else { return nil }
        return try? AES256GCM.open(
            sealed.dropFirst(1 + AES256GCM.nonceCount),
            key: key,
            nonce: Array(sealed[1...AES256GCM.nonceCount]),
            additionalData: additionalData(user)
        )
    }

    private func additionalData(_ user: String) -> [UInt8] { [Self.version] + Self.context + Array(user.utf8) }
}
