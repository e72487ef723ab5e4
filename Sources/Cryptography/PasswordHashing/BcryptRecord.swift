/// A hash by bcrypt: `$2b$cc$` with 22 letters of salt and 31 of digest, in bcrypt's own base64.
package struct BcryptRecord: PasswordScheme {
    /// Who wrote the record, and with what before it.
    enum Notation: String, Sendable {
        case plain = ""
        case django = "bcrypt$"
        /// Django's hash of the SHA-256 of the password in hexadecimal.
        case djangoSHA256 = "bcrypt_sha256$"
    }

    /// Longest password that bcrypt reads; a longer one never verifies (SECURITY PW-17).
    package static let maximumPasswordCount = 72

    let revision: String
    let cost: UInt32
    let salt: String
    let digest: [UInt8]
    let notation: Notation

    /// Reads the fields after the first `$`.
    ///
    /// Revision `x` reproduces a bug that makes unlike passwords alike, and is refused.
    init(fields: [[UInt8]], notation: Notation) throws(PasswordRecordError) {
        guard let revision = fields.first.flatMap(PasswordRecordReading.string), ["2a", "2b", "2y"].contains(revision)
        else { throw .unknownFormat }
        guard fields.count == 3, fields[1].count == 2, fields[2].count == 53,
            fields[2].allSatisfy(PasswordRecordReading.isCryptLetter),
            let salt = PasswordRecordReading.string(fields[2].prefix(22))
        else { throw .malformed }
        let digits = fields[1].first == UInt8(ascii: "0") ? fields[1].dropFirst() : fields[1][...]
        cost = try PasswordRecordReading.number(digits, in: 4...16)
        self.revision = revision
        self.salt = salt
        digest = Array(fields[2].dropFirst(22))
        self.notation = notation
    }

    private var setting: String { "$\(revision)$\(cost < 10 ? "0" : "")\(cost)$\(salt)" }

    var text: String { notation.rawValue + setting + String(decoding: digest, as: UTF8.self) }

    /// About what one of the 2^cost rounds takes.
    private static let microsecondsPerRound = 60

    var estimatedMicroseconds: Int { Self.microsecondsPerRound << Int(cost) }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        let hashed =
            notation == .djangoSHA256
            ? SecretBytes(copying: Hex.encode(SHA256.digest(of: password)).utf8)
            : password
        guard hashed.count <= Self.maximumPasswordCount,
            let computed = try UnixCrypt.hash(password: hashed, setting: setting)
        else { return false }
        return ConstantTime.areEqual(Array(computed.suffix(31)), digest)
    }
}
