/// What PBKDF2 makes of a password: the costs, the salt and the derived key, however a record writes them.
struct PBKDF2Key: Sendable, Hashable {
    static let iterationRange: ClosedRange<UInt32> = 1...10_000_000

    let hash: DigestAlgorithm
    let iterations: UInt32
    /// The bytes that are hashed.
    let salt: [UInt8]
    let tag: [UInt8]

    /// About how long a verification takes on one core.
    var estimatedMicroseconds: Int { PBKDF2.estimatedMicroseconds(hash, iterations: iterations, count: tag.count) }

    /// Whether the key is derived from the password.
    func verify(_ password: SecretBytes) throws(CryptographyError) -> Bool {
        let computed = try PBKDF2.derive(
            password: password,
            salt: salt,
            hash: hash,
            iterations: iterations,
            count: tag.count
        )
        return ConstantTime.areEqual(computed, tag)
    }
}
