/// Steps of a key's life: active, decrypt-only, destroyed (SECURITY KEY-02).
extension KeyRing {
    /// The keys after a rotation: a new active one, the former one for opening only.
    package func rotated(random: any RandomSource) -> [Key] {
        let id = (keyIDs.max() ?? 0) &+ 1
        let former = keys.map { key in
            key.state == .active ? Key(id: key.id, state: .decryptOnly, material: key.material) : key
        }
        return former + [Key(id: id, state: .active, material: random.secret(Self.materialCount))]
    }

    /// The keys after one that only opens is destroyed; what it sealed is lost.
    ///
    /// - Throws: `.unknownKey` for an id that is not in the ring, `.keyRing` for the active key.
    package func destroying(_ id: UInt32) throws(CryptographyError) -> [Key] {
        guard keyIDs.contains(id) else { throw CryptographyError(.unknownKey(id), "the key ring has no key \(id)") }
        guard id != activeKeyID else {
            throw CryptographyError(.keyRing, "key \(id) is the active key: rotate before it is destroyed")
        }
        let tombstone = Key(id: id, state: .destroyed, material: SecretBytes(copying: []))
        return keys.map { $0.id == id ? tombstone : $0 }
    }
}
