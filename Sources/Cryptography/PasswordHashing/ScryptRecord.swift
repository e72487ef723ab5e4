/// A hash by scrypt: `$scrypt$ln=…,r=…,p=…$salt$tag` (PHC, passlib) or Django's `scrypt$N$salt$r$p$tag`.
package struct ScryptRecord: PasswordScheme {
    let parameters: Scrypt.Parameters
    /// The bytes that are hashed; in Django's notation those of its text.
    let salt: [UInt8]
    let tag: [UInt8]
    let isDjango: Bool

    /// Reads the fields after `$scrypt`.
    init(phcFields fields: some Collection<[UInt8]>) throws(PasswordRecordError) {
        let fields = Array(fields)
        guard fields.count == 3 else { throw .malformed }
        let costs = try PasswordRecordReading.values(fields[0], named: ["ln", "r", "p"])
        parameters = try Scrypt.Parameters(
            logarithm: PasswordRecordReading.number(costs[0], in: 1...20),
            blockSize: PasswordRecordReading.number(costs[1], in: 1...32),
            parallelism: PasswordRecordReading.number(costs[2], in: 1...16)
        )
        salt = try PasswordRecordReading.bytes(fields[1], .unpadded, count: 8...64)
        tag = try PasswordRecordReading.bytes(fields[2], .unpadded, count: 16...64)
        isDjango = false
    }

    /// Reads the fields after `scrypt`, whose N is a power of two.
    init(djangoFields fields: some Collection<[UInt8]>) throws(PasswordRecordError) {
        let fields = Array(fields)
        guard fields.count == 5 else { throw .malformed }
        let count = try PasswordRecordReading.number(fields[0], in: 2...1 << 20)
        guard count.nonzeroBitCount == 1 else { throw .outOfBounds }
        parameters = try Scrypt.Parameters(
            logarithm: UInt32(count.trailingZeroBitCount),
            blockSize: PasswordRecordReading.number(fields[2], in: 1...32),
            parallelism: PasswordRecordReading.number(fields[3], in: 1...16)
        )
        salt = try PasswordRecordReading.djangoSalt(fields[1])
        tag = try PasswordRecordReading.bytes(fields[4], .padded, count: 16...64)
        isDjango = true
    }

    var text: String {
        let (size, lanes) = (parameters.blockSize, parameters.parallelism)
        if isDjango {
            let salt = PasswordRecordReading.string(salt) ?? ""
            let count = 1 << Int(parameters.logarithm)
            return "scrypt$\(count)$\(salt)$\(size)$\(lanes)$\(PasswordBase64.padded.encode(tag))"
        }
        let base64 = PasswordBase64.unpadded
        return "$scrypt$ln=\(parameters.logarithm),r=\(size),p=\(lanes)$\(base64.encode(salt))$\(base64.encode(tag))"
    }

    var memoryCount: Int { parameters.memoryCount }

    /// About what one of the N * r * p block operations takes.
    private static let nanosecondsPerBlock = 350

    var estimatedMicroseconds: Int { parameters.work * Self.nanosecondsPerBlock / 1000 }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        let computed = try Scrypt.derive(password: password, salt: salt, parameters: parameters, count: tag.count)
        return ConstantTime.areEqual(computed, tag)
    }
}
