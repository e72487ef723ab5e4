/// What every kind of record can do.
protocol PasswordScheme: Sendable, Hashable {
    /// The record as it is stored.
    var text: String { get }
    /// Memory that one verification takes, in bytes.
    var memoryCount: Int { get }
    /// About how long one verification takes on one core, in microseconds; an estimate to compare costs by.
    var estimatedMicroseconds: Int { get }
    /// Whether the password is right.
    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool
}

extension PasswordScheme {
    /// None worth counting: only the memory-hard schemes say otherwise.
    var memoryCount: Int { 0 }
}
