/// The server's own keys, by id: one active, others kept for what they sealed.
///
/// Every use goes through a key derived for its purpose; all are derived once, so a code costs one HMAC.
package final class KeyRing: Sendable {
    /// One key of the ring.
    package struct Key: Sendable {
        package let id: UInt32
        package let state: State
        /// 32 bytes; empty when destroyed.
        package let material: SecretBytes

        package init(id: UInt32, state: State, material: SecretBytes) {
            self.id = id
            self.state = state
            self.material = material
        }

        /// What a key may still do.
        package enum State: String, Sendable, CaseIterable {
            /// Seals and opens; exactly one key is active.
            case active
            /// Opens what it sealed before.
            case decryptOnly = "decrypt-only"
            /// Only its id is remembered, so that it is never given again.
            case destroyed
        }
    }

    /// Bytes of a key's material.
    package static let materialCount = 32

    package let keys: [Key]
    /// The key that seals.
    package let activeKeyID: UInt32
    private let derived: [UInt32: [KeyPurpose: SecretBytes]]

    /// Takes keys that are known to be secret, from a file or a test.
    ///
    /// - Throws: `.keyRing` when ids repeat, lengths are wrong, or not exactly one key is active.
    package init(keys: [Key]) throws(CryptographyError) {
        guard Set(keys.map(\.id)).count == keys.count else {
            throw CryptographyError(.keyRing, "the key ring has two keys of one id")
        }
        let active = keys.filter { $0.state == .active }
        guard let first = active.first, active.count == 1 else {
            throw CryptographyError(.keyRing, "the key ring must have exactly one active key, it has \(active.count)")
        }
        for key in keys where key.material.count != (key.state == .destroyed ? 0 : Self.materialCount) {
            throw CryptographyError(.keyRing, "key \(key.id) of the key ring has not the length it must have")
        }
        self.keys = keys
        activeKeyID = first.id
        derived = Dictionary(
            uniqueKeysWithValues: keys.filter { $0.state != .destroyed }.map { ($0.id, Self.derive(from: $0)) }
        )
    }

    /// Ids of all keys, destroyed ones too.
    package var keyIDs: [UInt32] { keys.map(\.id) }

    private static func derive(from key: Key) -> [KeyPurpose: SecretBytes] {
        let pairs = KeyPurpose.allCases.map { purpose in
            (purpose, HKDFSHA256.derive(from: key.material, salt: [], info: Array(purpose.rawValue.utf8), count: 32))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func key(_ id: UInt32, for purpose: KeyPurpose) throws(CryptographyError) -> SecretBytes {
        guard let key = derived[id]?[purpose] else {
            throw CryptographyError(.unknownKey(id), "the key ring has no usable key \(id)")
        }
        return key
    }
}

// MARK: - Sealing

extension KeyRing {
    private static let headerCount = 4 + AES256GCM.nonceCount

    /// Encrypts under the active key: key id, nonce, ciphertext, tag.
    ///
    /// Nonces are random; at 96 bits a key must be rotated before 2^32 seals (NIST SP 800-38D section 8.3).
    package func seal(
        _ plaintext: some Collection<UInt8>,
        for purpose: KeyPurpose,
        context: AssociatedContext,
        random: any RandomSource = SystemRandom()
    ) throws(CryptographyError) -> [UInt8] {
        try seal(SecretBytes(copying: plaintext), for: purpose, context: context, random: random)
    }

    /// Encrypts a secret without another copy of it.
    package func seal(
        _ plaintext: SecretBytes,
        for purpose: KeyPurpose,
        context: AssociatedContext,
        random: any RandomSource = SystemRandom()
    ) throws(CryptographyError) -> [UInt8] {
        let id = activeKeyID.bigEndianBytes
        let nonce = random.bytes(AES256GCM.nonceCount)
        let key = try key(activeKeyID, for: purpose)
        let sealed = try AES256GCM.seal(
            plaintext,
            key: key,
            nonce: nonce,
            additionalData: id + context.bytes
        )
        return id + nonce + sealed
    }

    /// Decrypts what `seal` made for the same purpose and context.
    ///
    /// - Throws: `.authenticationFailed` when altered or moved, `.unknownKey` when its key is gone.
    package func open(
        _ sealed: some Collection<UInt8>,
        for purpose: KeyPurpose,
        context: AssociatedContext
    ) throws(CryptographyError) -> SecretBytes {
        let sealed = Array(sealed)
        guard let id = UInt32(bigEndianBytes: sealed.prefix(4)), sealed.count >= Self.headerCount else {
            throw CryptographyError(.authenticationFailed, "a sealed value is too short")
        }
        return try AES256GCM.open(
            sealed[Self.headerCount...],
            key: key(id, for: purpose),
            nonce: Array(sealed[4..<Self.headerCount]),
            additionalData: id.bigEndianBytes + context.bytes
        )
    }
}

// MARK: - Authentication codes

extension KeyRing {
    /// The HMAC-SHA-256 of some bytes under the active key of a purpose.
    package func authenticationCode(for bytes: some Collection<UInt8>, purpose: KeyPurpose) -> AuthenticationCode {
        guard let key = derived[activeKeyID]?[purpose] else {
            preconditionFailure("every purpose of the active key was derived when the ring was made")
        }
        return AuthenticationCode(keyID: activeKeyID, bytes: HMACSHA256.code(for: bytes, key: key))
    }

    /// The HMAC-SHA-256 of a secret under a key by its id, a secret itself.
    ///
    /// - Throws: `.unknownKey` when the ring has no such key.
    package func authenticationCode(
        for secret: SecretBytes,
        purpose: KeyPurpose,
        keyID: UInt32
    ) throws(CryptographyError) -> SecretBytes {
        HMACSHA256.code(for: secret, key: try key(keyID, for: purpose))
    }

    /// Whether a code is right, under the key it names; false when that key is gone.
    package func isValid(
        _ code: AuthenticationCode,
        for bytes: some Collection<UInt8>,
        purpose: KeyPurpose
    ) -> Bool {
        guard let key = derived[code.keyID]?[purpose] else { return false }
        return HMACSHA256.isValid(code.bytes, for: bytes, key: key)
    }
}

/// An HMAC-SHA-256 with the id of its key.
package struct AuthenticationCode: Sendable, Hashable {
    package let keyID: UInt32
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(keyID: UInt32, bytes: [UInt8]) {
        self.keyID = keyID
        self.bytes = bytes
    }
}

extension UInt32 {
    /// Most significant byte first.
    var bigEndianBytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    /// Exactly four bytes, most significant first.
    init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 4 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
