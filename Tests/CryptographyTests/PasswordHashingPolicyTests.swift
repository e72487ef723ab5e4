import Cryptography
import Testing

/// Costs, re-hashing and the pepper (SECURITY PW-08, PW-10, PW-11).
struct PasswordHashingPolicyTests {
    private static let treatment = PasswordTreatment(normalizationVersion: 1, pepperKeyID: 1)

    private static func record(_ parameters: Argon2Parameters) throws -> PasswordRecord {
        var memory = Argon2Memory(for: parameters)
        return try PasswordRecord(hashing: SecretBytes(utf8: "pw"), parameters: parameters, memory: &memory)
    }

    private static func ring(_ states: [(UInt32, KeyRing.Key.State)]) throws -> KeyRing {
        try KeyRing(
            keys: states.map { id, state in
                KeyRing.Key(
                    id: id,
                    state: state,
                    material: SecretBytes(copying: [UInt8](repeating: UInt8(id), count: state == .destroyed ? 0 : 32))
                )
            }
        )
    }

    @Test func `The standard cost is 19 MiB and two passes of Argon2id`() {
        let standard = Argon2Parameters.standard
        #expect(standard == Argon2Parameters(variant: .id, version: .v13, memory: 19_456, passes: 2, lanes: 1))
        #expect(standard.memoryCount == 19 << 20)
        #expect(standard.tagCount == 32)
    }

    @Test func `A record as it would be made today is kept`() throws {
        let current = try #require(Argon2Parameters(memory: 64, passes: 2, lanes: 1))
        let record = try Self.record(current)
        #expect(!record.needsRehash(for: current, treatment: Self.treatment, currentTreatment: Self.treatment))
    }

    @Test func `A record of another cost, revision or length is made anew`() throws {
        let record = try Self.record(try #require(Argon2Parameters(memory: 64, passes: 2, lanes: 1)))
        for current in [
            Argon2Parameters(memory: 65, passes: 2, lanes: 1), Argon2Parameters(memory: 63, passes: 2, lanes: 1),
            Argon2Parameters(memory: 64, passes: 3, lanes: 1), Argon2Parameters(memory: 64, passes: 2, lanes: 2),
            Argon2Parameters(memory: 64, passes: 2, lanes: 1, tagCount: 33),
            Argon2Parameters(variant: .i, memory: 64, passes: 2, lanes: 1),
            Argon2Parameters(version: .v10, memory: 64, passes: 2, lanes: 1),
        ] {
            let current = try #require(current)
            #expect(record.needsRehash(for: current, treatment: Self.treatment, currentTreatment: Self.treatment))
        }
    }

    @Test(arguments: [
        PasswordTreatment(normalizationVersion: 0, pepperKeyID: 1),
        PasswordTreatment(normalizationVersion: 1, pepperKeyID: 2),
        PasswordTreatment(normalizationVersion: 1, pepperKeyID: nil),
    ])
    func `A record of another normalisation or pepper is made anew`(treatment: PasswordTreatment) throws {
        let current = try #require(Argon2Parameters(memory: 64, passes: 2, lanes: 1))
        let record = try Self.record(current)
        #expect(record.needsRehash(for: current, treatment: treatment, currentTreatment: Self.treatment))
    }

    @Test(arguments: PasswordHashingVector.all)
    func `Every import is made anew`(vector: PasswordHashingVector) throws {
        let record = try PasswordRecord(vector.text)
        #expect(
            record.needsRehash(for: .standard, treatment: Self.treatment, currentTreatment: Self.treatment)
        )
    }

    @Test func `A short salt is reason enough`() throws {
        let text = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        let current = try #require(Argon2Parameters(memory: 256, passes: 2, lanes: 1))
        let record = try PasswordRecord(text)
        #expect(record.needsRehash(for: current, treatment: Self.treatment, currentTreatment: Self.treatment))
    }

    @Test func `Costs are counted from the record`() throws {
        let tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        let salt = "AAECAwQFBgcICQoLDA0ODw"
        let argon2 = try PasswordRecord("$argon2id$v=19$m=65536,t=3,p=4$\(salt)$\(tag)")
        #expect(argon2.memoryCount == 64 << 20)
        let scrypt = try PasswordRecord("$scrypt$ln=17,r=8,p=1$\(salt)$\(tag)")
        #expect((128 << 20...129 << 20).contains(scrypt.memoryCount))
        let limits = PasswordVerificationLimits(memoryCount: 64 << 20, microseconds: 1_000_000)
        #expect(argon2.isWithin(limits))
        #expect(!scrypt.isWithin(limits))
        #expect(try !PasswordRecord("$argon2id$v=19$m=65537,t=1,p=1$\(salt)$\(tag)").isWithin(limits))
        #expect(try !PasswordRecord("$pbkdf2-sha256$10000000$\(salt)$\(tag)").isWithin(limits))
        #expect(try PasswordRecord("$pbkdf2-sha256$600000$\(salt)$\(tag)").isWithin(limits))
    }

    @Test func `Every vector is within the standard limits`() throws {
        for vector in PasswordHashingVector.all {
            #expect(try PasswordRecord(vector.text).isWithin(.standard))
        }
    }

    @Test func `The pepper is a keyed hash of the password under the purpose's key`() throws {
        let ring = try Self.ring([(1, .active)])
        let password = SecretBytes(utf8: "correct horse")
        let peppered = try Pepper(keyRing: ring).apply(to: password, keyID: 1)
        let code = ring.authenticationCode(for: Array("correct horse".utf8), purpose: .passwordPepper)
        #expect(peppered.isEqual(to: SecretBytes(copying: code.bytes)))
        #expect(peppered.count == 32)
        let other = ring.authenticationCode(for: Array("correct horse".utf8), purpose: .oneTimeCode)
        #expect(!peppered.isEqual(to: SecretBytes(copying: other.bytes)))
    }

    @Test func `Two keys live at once, and a record verifies under its own only`() throws {
        let parameters = try #require(Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        var memory = Argon2Memory(for: parameters)
        let password = SecretBytes(utf8: "correct horse")
        let before = Pepper(keyRing: try Self.ring([(1, .active)]))
        let record = try PasswordRecord(
            hashing: before.apply(to: password, keyID: before.activeKeyID),
            parameters: parameters,
            memory: &memory
        )
        let after = Pepper(keyRing: try Self.ring([(1, .decryptOnly), (2, .active)]))
        #expect(after.activeKeyID == 2)
        #expect(try record.verify(after.apply(to: password, keyID: 1), memory: &memory))
        #expect(try !record.verify(after.apply(to: password, keyID: 2), memory: &memory))
        #expect(try !record.verify(password, memory: &memory))
    }

    @Test func `A key that was destroyed or never was peppers nothing`() throws {
        let pepper = Pepper(keyRing: try Self.ring([(1, .destroyed), (2, .active)]))
        for id in [1, 3] as [UInt32] {
            let error = #expect(throws: CryptographyError.self) {
                try pepper.apply(to: SecretBytes(utf8: "correct horse"), keyID: id)
            }
            #expect(error?.code == .unknownKey(id))
        }
    }
}
