/// A hash by PBKDF2 in one of the notations that imports bring.
package struct PBKDF2Record: PasswordScheme {
    /// How the record is written.
    enum Notation: Sendable, Hashable {
        /// `$pbkdf2-sha256$i=…,l=…$salt$tag`
        case phc
        /// `$pbkdf2-sha256$…$salt$tag`
        case passlib
        /// `pbkdf2_sha256$…$salt$tag`
        case django
    }

    let hash: DigestAlgorithm
    let iterations: UInt32
    /// The bytes that are hashed; in Django's notation those of its text.
    let salt: [UInt8]
    let tag: [UInt8]
    let notation: Notation

    static let iterationRange: ClosedRange<UInt32> = 1...10_000_000

    /// Reads the fields after the first `$` of a PHC string or of passlib's.
    init(phcFields fields: [[UInt8]]) throws(PasswordRecordError) {
        hash = try Self.hash(
            fields.first,
            among: ["pbkdf2-sha256": .sha256, "pbkdf2-sha512": .sha512, "pbkdf2": .sha1]
        )
        guard fields.count == 4 else { throw .malformed }
        let isPlain = !fields[1].contains(UInt8(ascii: "="))
        let base64 = isPlain ? PasswordBase64.dotted : .unpadded
        salt = try PasswordRecordReading.bytes(fields[2], base64, count: 8...1024)
        tag = try PasswordRecordReading.bytes(fields[3], base64, count: 16...64)
        if isPlain {
            // A shorter key is the beginning of a longer one: where no length is written, only the full one is taken.
            guard tag.count == hash.digestCount else { throw .malformed }
            iterations = try PasswordRecordReading.number(fields[1], in: Self.iterationRange)
            notation = .passlib
        } else {
            let values = try PasswordRecordReading.values(fields[1], named: ["i", "l"])
            iterations = try PasswordRecordReading.number(values[0], in: Self.iterationRange)
            guard try PasswordRecordReading.number(values[1], in: 16...64) == tag.count else { throw .malformed }
            notation = .phc
        }
    }

    /// Reads all fields of Django's notation.
    init(djangoFields fields: [[UInt8]]) throws(PasswordRecordError) {
        hash = try Self.hash(fields.first, among: ["pbkdf2_sha256": .sha256, "pbkdf2_sha1": .sha1])
        guard fields.count == 4 else { throw .malformed }
        iterations = try PasswordRecordReading.number(fields[1], in: Self.iterationRange)
        salt = try PasswordRecordReading.djangoSalt(fields[2])
        tag = try PasswordRecordReading.bytes(fields[3], .padded, count: hash.digestCount...hash.digestCount)
        notation = .django
    }

    private static func hash(
        _ name: [UInt8]?,
        among known: [String: DigestAlgorithm]
    ) throws(PasswordRecordError) -> DigestAlgorithm {
        guard let name = name.flatMap(PasswordRecordReading.string), let hash = known[name] else {
            throw .unknownFormat
        }
        return hash
    }

    var text: String {
        switch notation {
        case .django:
            let salt = PasswordRecordReading.string(salt) ?? ""
            let name = hash == .sha1 ? "pbkdf2_sha1" : "pbkdf2_sha256"
            return "\(name)$\(iterations)$\(salt)$\(PasswordBase64.padded.encode(tag))"
        case .passlib:
            let base64 = PasswordBase64.dotted
            return "$\(phcName)$\(iterations)$\(base64.encode(salt))$\(base64.encode(tag))"
        case .phc:
            let base64 = PasswordBase64.unpadded
            return "$\(phcName)$i=\(iterations),l=\(tag.count)$\(base64.encode(salt))$\(base64.encode(tag))"
        }
    }

    private var phcName: String {
        switch hash {
        case .sha256: "pbkdf2-sha256"
        case .sha512: "pbkdf2-sha512"
        default: "pbkdf2"
        }
    }

    var memoryCount: Int { 0 }

    var estimatedMicroseconds: Int { PBKDF2.estimatedMicroseconds(hash, iterations: iterations, count: tag.count) }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
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
