/// An Argon2 hash as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`.
package struct Argon2Record: PasswordScheme {
    /// Cost and length of the tag.
    package let parameters: Argon2Parameters
    let salt: [UInt8]
    let tag: [UInt8]
    /// Django writes `argon2` before the string.
    let isDjango: Bool

    init(parameters: Argon2Parameters, salt: [UInt8], tag: [UInt8], isDjango: Bool = false) {
        self.parameters = parameters
        self.salt = salt
        self.tag = tag
        self.isDjango = isDjango
    }

    /// Reads the fields after the first `$`; a missing version means 16.
    init(fields: [[UInt8]], isDjango: Bool) throws(PasswordRecordError) {
        guard let name = fields.first.flatMap(PasswordRecordReading.string),
            let variant = Argon2Parameters.Variant(rawValue: name)
        else { throw .unknownFormat }
        var fields = fields.dropFirst()
        var version = Argon2Parameters.Version.v10
        if fields.count == 4 {
            let number = try PasswordRecordReading.values(fields.removeFirst(), named: ["v"])[0]
            guard
                let known = Argon2Parameters.Version(
                    rawValue: try PasswordRecordReading.number(number, in: 0...UInt32.max)
                )
            else { throw .outOfBounds }
            version = known
        }
        guard fields.count == 3 else { throw .malformed }
        let costs = try PasswordRecordReading.values(fields.removeFirst(), named: ["m", "t", "p"])
        let memory = try PasswordRecordReading.number(costs[0], in: Argon2Parameters.memoryRange)
        let passes = try PasswordRecordReading.number(costs[1], in: Argon2Parameters.passRange)
        let lanes = try PasswordRecordReading.number(costs[2], in: Argon2Parameters.laneRange)
        salt = try PasswordRecordReading.bytes(fields.removeFirst(), .unpadded, count: 8...64)
        tag = try PasswordRecordReading.bytes(fields.removeFirst(), .unpadded, count: 16...64)
        guard
            let parameters = Argon2Parameters(
                variant: variant,
                version: version,
                memory: memory,
                passes: passes,
                lanes: lanes,
                tagCount: tag.count
            )
        else { throw .outOfBounds }
        self.parameters = parameters
        self.isDjango = isDjango
    }

    var text: String {
        let version = parameters.version == .v10 ? "" : "$v=\(parameters.version.rawValue)"
        let costs = "m=\(parameters.memory),t=\(parameters.passes),p=\(parameters.lanes)"
        let base64 = PasswordBase64.unpadded
        return (isDjango ? "argon2" : "")
            + "$\(parameters.variant.rawValue)\(version)$\(costs)$\(base64.encode(salt))$\(base64.encode(tag))"
    }

    var memoryCount: Int { parameters.memoryCount }

    /// About what one KiB takes in one pass.
    private static let nanosecondsPerKibibyte = 700

    var estimatedMicroseconds: Int {
        Int(parameters.memory) * Int(parameters.passes) * Self.nanosecondsPerKibibyte / 1000
    }

    func verify(_ password: SecretBytes, memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        if memory.count >= memoryCount { return try verify(password, in: &memory) }
        // An import that costs more than ours: it has a block for itself once, and is hashed anew afterwards.
        var larger = Argon2Memory(for: parameters)
        return try verify(password, in: &larger)
    }

    private func verify(_ password: SecretBytes, in memory: inout Argon2Memory) throws(CryptographyError) -> Bool {
        let computed = try Argon2.hash(password: password, salt: salt, parameters: parameters, memory: &memory)
        return ConstantTime.areEqual(computed, tag)
    }
}
