/// A hash by SHA-crypt: `$5$` (SHA-256) or `$6$` (SHA-512), perhaps `rounds=…$`, salt and digest.
package struct SHACryptRecord: PasswordScheme {
    /// Which of the two.
    enum Variant: String, Sendable {
        case sha256 = "5"
        case sha512 = "6"

        var digestLetterCount: Int { self == .sha256 ? 43 : 86 }
    }

    /// About what a round with a long password takes.
    private static let microsecondsPerRound = 2
    /// Rounds of a record that does not say.
    private static let standardRounds: UInt32 = 5000

    let variant: Variant
    /// Nil when the record does not say.
    let rounds: UInt32?
    let salt: String
    let digest: [UInt8]

    /// Reads the fields after the first `$`.
    init(fields: [[UInt8]]) throws(PasswordRecordError) {
        guard let variant = fields.first.flatMap(PasswordRecordReading.string).flatMap(Variant.init) else {
            throw .unknownFormat
        }
        var fields = fields.dropFirst()
        var rounds: UInt32?
        if fields.count == 3 {
            let value = try PasswordRecordReading.values(fields.removeFirst(), named: ["rounds"])[0]
            rounds = try PasswordRecordReading.number(value, in: 1000...5_000_000)
        }
        guard fields.count == 2, let salt = fields.first, let digest = fields.last, (1...16).contains(salt.count),
            digest.count == variant.digestLetterCount,
            (salt + digest).allSatisfy(PasswordRecordReading.isCryptLetter),
            let saltText = PasswordRecordReading.string(salt)
        else { throw .malformed }
        self.variant = variant
        self.rounds = rounds
        self.salt = saltText
        self.digest = digest
    }

    private var setting: String {
        "$\(variant.rawValue)$\(rounds.map { "rounds=\($0)$" } ?? "")\(salt)$"
    }

    var text: String { setting + String(decoding: digest, as: UTF8.self) }

    /// Each round hashes the password, so the longest one that is taken sets the estimate.
    var estimatedMicroseconds: Int { Self.microsecondsPerRound * Int(rounds ?? Self.standardRounds) }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        guard let computed = try UnixCrypt.hash(password: password, setting: setting) else { return false }
        return ConstantTime.areEqual(Array(computed.suffix(digest.count)), digest)
    }
}
