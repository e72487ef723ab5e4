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

    /// In Django's notation the bytes of the salt are those of its text.
    let key: PBKDF2Key
    let notation: Notation

    /// Reads the fields after the first `$` of a PHC string or of passlib's.
    init(phcFields fields: [[UInt8]]) throws(PasswordRecordError) {
        let hash = try Self.hash(
            fields.first,
            among: ["pbkdf2-sha256": .sha256, "pbkdf2-sha512": .sha512, "pbkdf2": .sha1]
        )
        guard fields.count == 4 else { throw .malformed }
        let isPlain = !fields[1].contains(UInt8(ascii: "="))
        let base64 = isPlain ? PasswordBase64.dotted : .unpadded
        let salt = try PasswordRecordReading.bytes(fields[2], base64, count: 8...1024)
        let tag = try PasswordRecordReading.bytes(fields[3], base64, count: 16...64)
        let iterations: UInt32
        if isPlain {
            // A shorter key is the beginning of a longer one: where no length is written, only the full one is taken.
            guard tag.count == hash.digestCount else { throw .malformed }
            iterations = try PasswordRecordReading.number(fields[1], in: PBKDF2Key.iterationRange)
            notation = .passlib
        } else {
            let values = try PasswordRecordReading.values(fields[1], named: ["i", "l"])
            iterations = try PasswordRecordReading.number(values[0], in: PBKDF2Key.iterationRange)
            guard try PasswordRecordReading.number(values[1], in: 16...64) == tag.count else { throw .malformed }
            notation = .phc
        }
        key = PBKDF2Key(hash: hash, iterations: iterations, salt: salt, tag: tag)
    }

    /// Reads all fields of Django's notation.
    init(djangoFields fields: [[UInt8]]) throws(PasswordRecordError) {
        let hash = try Self.hash(fields.first, among: ["pbkdf2_sha256": .sha256, "pbkdf2_sha1": .sha1])
        guard fields.count == 4 else { throw .malformed }
        key = PBKDF2Key(
            hash: hash,
            iterations: try PasswordRecordReading.number(fields[1], in: PBKDF2Key.iterationRange),
            salt: try PasswordRecordReading.djangoSalt(fields[2]),
            tag: try PasswordRecordReading.bytes(fields[3], .padded, count: hash.digestCount...hash.digestCount)
        )
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
            let salt = PasswordRecordReading.string(key.salt) ?? ""
            let name = key.hash == .sha1 ? "pbkdf2_sha1" : "pbkdf2_sha256"
            return "\(name)$\(key.iterations)$\(salt)$\(PasswordBase64.padded.encode(key.tag))"
        case .passlib:
            let base64 = PasswordBase64.dotted
            return "$\(phcName)$\(key.iterations)$\(base64.encode(key.salt))$\(base64.encode(key.tag))"
        case .phc:
            let base64 = PasswordBase64.unpadded
            return
                "$\(phcName)$i=\(key.iterations),l=\(key.tag.count)$\(base64.encode(key.salt))$\(base64.encode(key.tag))"
        }
    }

    private var phcName: String {
        switch key.hash {
        case .sha256: "pbkdf2-sha256"
        case .sha512: "pbkdf2-sha512"
        default: "pbkdf2"
        }
    }

    var estimatedMicroseconds: Int { key.estimatedMicroseconds }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        try key.verify(password)
    }
}
