/// A stored password hash of any format that is known here.
///
/// Every value of this type was read within bounds, so verifying it costs what its estimates say and no more
/// (SECURITY PW-09). Nothing that prints or reflects it shows what it holds.
package enum PasswordRecord: Sendable, Hashable {
    case argon2(Argon2Record)
    case scrypt(ScryptRecord)
    case pbkdf2(PBKDF2Record)
    case bcrypt(BcryptRecord)
    case shaCrypt(SHACryptRecord)
    case aspNetIdentity(AspNetIdentityRecord)

    /// Longest text that is looked at, in bytes; the longest record that is taken is a third shorter.
    package static let maximumTextCount = 2048

    /// Reads a record as it is stored or imported.
    package init(_ text: String) throws(PasswordRecordError) {
        guard text.utf8.count <= Self.maximumTextCount else { throw .outOfBounds }
        let fields = PasswordRecordReading.fields(text.utf8)
        guard fields.count > 1 else {
            self = .aspNetIdentity(try AspNetIdentityRecord(base64: text.utf8))
            return
        }
        self = fields[0].isEmpty ? try Self.modular(Array(fields.dropFirst())) : try Self.django(fields)
    }

    /// Hashes a password for storage.
    ///
    /// - Parameters:
    ///   - password: Normalised, and under the pepper where there is one.
    ///   - parameters: What it shall cost.
    ///   - memory: A block that is large enough.
    ///   - random: Gives the salt.
    /// - Throws: `.malformed` for a block too small; `.internalFailure` of the library.
    package init(
        hashing password: SecretBytes,
        parameters: Argon2Parameters,
        memory: inout Argon2Memory,
        random: any RandomSource = SystemRandom()
    ) throws(CryptographyError) {
        let salt = random.bytes(Argon2.saltCount)
        let tag = try Argon2.hash(password: password, salt: salt, parameters: parameters, memory: &memory)
        self = .argon2(Argon2Record(parameters: parameters, salt: salt, tag: tag))
    }

    /// A record that no password fits, to verify against where a user has none (SECURITY PW-12).
    ///
    /// - Parameters:
    ///   - parameters: What its verification shall cost: that of a real record.
    ///   - random: Gives salt and tag.
    package init(fittingNothing parameters: Argon2Parameters, random: any RandomSource = SystemRandom()) {
        let (salt, tag) = (random.bytes(Argon2.saltCount), random.bytes(parameters.tagCount))
        self = .argon2(Argon2Record(parameters: parameters, salt: salt, tag: tag))
    }

    /// What `crypt` and PHC write: a `$` first.
    private static func modular(_ fields: [[UInt8]]) throws(PasswordRecordError) -> PasswordRecord {
        switch PasswordRecordReading.string(fields[0]) {
        case "argon2d", "argon2i", "argon2id": .argon2(try Argon2Record(fields: fields, isDjango: false))
        case "scrypt": .scrypt(try ScryptRecord(phcFields: fields.dropFirst()))
        case "pbkdf2", "pbkdf2-sha256", "pbkdf2-sha512": .pbkdf2(try PBKDF2Record(phcFields: fields))
        case "2a", "2b", "2y": .bcrypt(try BcryptRecord(fields: fields, notation: .plain))
        case "5", "6": .shaCrypt(try SHACryptRecord(fields: fields))
        default: throw .unknownFormat
        }
    }

    /// What Django writes: the name of its hasher first.
    private static func django(_ fields: [[UInt8]]) throws(PasswordRecordError) -> PasswordRecord {
        let rest = Array(fields.dropFirst())
        switch PasswordRecordReading.string(fields[0]) {
        case "argon2": return .argon2(try Argon2Record(fields: rest, isDjango: true))
        case "scrypt": return .scrypt(try ScryptRecord(djangoFields: rest))
        case "pbkdf2_sha256", "pbkdf2_sha1": return .pbkdf2(try PBKDF2Record(djangoFields: fields))
        case "bcrypt", "bcrypt_sha256":
            // Its own `$` and the one that begins a record of bcrypt.
            guard let empty = rest.first, empty.isEmpty else { throw .malformed }
            let notation = fields[0].count == 6 ? BcryptRecord.Notation.django : .djangoSHA256
            return .bcrypt(try BcryptRecord(fields: Array(rest.dropFirst()), notation: notation))
        default: throw .unknownFormat
        }
    }

    private var scheme: any PasswordScheme {
        switch self {
        case .argon2(let record): record
        case .scrypt(let record): record
        case .pbkdf2(let record): record
        case .bcrypt(let record): record
        case .shaCrypt(let record): record
        case .aspNetIdentity(let record): record
        }
    }
}

extension PasswordRecord {
    /// The record as it is stored; to be kept like a secret.
    package var text: String { scheme.text }

    /// Memory that one verification takes, in bytes; none worth counting is zero.
    package var memoryCount: Int { scheme.memoryCount }

    /// About how long one verification takes on one core, in microseconds; an estimate to compare costs by.
    package var estimatedMicroseconds: Int { scheme.estimatedMicroseconds }

    /// Whether one verification costs no more than the limits.
    package func isWithin(_ limits: PasswordVerificationLimits) -> Bool {
        memoryCount <= limits.memoryCount && estimatedMicroseconds <= limits.microseconds
    }

    /// Whether a password is right; tags are compared in constant time.
    ///
    /// - Parameters:
    ///   - password: As it was hashed: normalised, and under the pepper of the record where there is one.
    ///   - memory: The thread's block; a record that needs a larger one gets it for this one call.
    /// - Returns: False too for a password that the format cannot hold (SECURITY PW-17).
    /// - Throws: `.internalFailure` when memory ran out; says nothing of the password.
    package func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        try scheme.verify(password, memory: &memory)
    }
}

extension PasswordRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "PasswordRecord(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// What one verification may cost.
package struct PasswordVerificationLimits: Sendable {
    /// Bytes of memory.
    package let memoryCount: Int
    /// Estimated microseconds on one core.
    package let microseconds: Int

    /// 64 MiB and two seconds.
    package static let standard = PasswordVerificationLimits(memoryCount: 64 << 20, microseconds: 2_000_000)

    package init(memoryCount: Int, microseconds: Int) {
        self.memoryCount = memoryCount
        self.microseconds = microseconds
    }
}
