import Cryptography
import Testing

/// The test vectors of RFC 9106 section 5, and how the memory is kept.
struct PasswordHashingArgon2Tests {
    @Test(arguments: [
        (Argon2Parameters.Variant.d, "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb"),
        (.i, "c814d9d1dc7f37aa13f0d77f2494bda1c8de6b016dd388d29952a4c4672b6ce8"),
        (.id, "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"),
    ])
    func `Argon2 gives the tags of RFC 9106`(variant: Argon2Parameters.Variant, tag: String) throws {
        let parameters = try #require(Argon2Parameters(variant: variant, memory: 32, passes: 3, lanes: 4))
        var memory = Argon2Memory(for: parameters)
        // Twice: a block that was used before must not change a tag.
        for _ in 0..<2 {
            let computed = try Argon2.hash(
                password: SecretBytes(copying: [UInt8](repeating: 1, count: 32)),
                salt: [UInt8](repeating: 2, count: 16),
                parameters: parameters,
                memory: &memory,
                secret: SecretBytes(copying: [UInt8](repeating: 3, count: 8)),
                associatedData: [UInt8](repeating: 4, count: 12)
            )
            #expect(Hex.encode(computed) == tag)
        }
    }

    @Test func `A larger block gives the same tag`() throws {
        let small = try #require(Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        let large = try #require(Argon2Parameters(memory: 512, passes: 2, lanes: 2))
        let salt = [UInt8](repeating: 7, count: 16)
        var own = Argon2Memory(for: small)
        var shared = Argon2Memory(for: large)
        let password = SecretBytes(utf8: "password")
        _ = try Argon2.hash(password: password, salt: salt, parameters: large, memory: &shared)
        #expect(
            try Argon2.hash(password: password, salt: salt, parameters: small, memory: &own)
                == Argon2.hash(password: password, salt: salt, parameters: small, memory: &shared)
        )
    }

    @Test func `A block that is too small is refused before anything is computed`() throws {
        var memory = Argon2Memory(for: try #require(Argon2Parameters(memory: 64, passes: 1, lanes: 1)))
        let larger = try #require(Argon2Parameters(memory: 65, passes: 1, lanes: 1))
        let error = #expect(throws: CryptographyError.self) {
            try Argon2.hash(
                password: SecretBytes(utf8: "password"),
                salt: [UInt8](repeating: 7, count: 16),
                parameters: larger,
                memory: &memory
            )
        }
        #expect(error?.code == .malformed)
    }

    @Test(arguments: [0, 7, 65])
    func `A salt of another length is refused`(count: Int) throws {
        let parameters = try #require(Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        var memory = Argon2Memory(for: parameters)
        #expect(throws: CryptographyError.self) {
            try Argon2.hash(
                password: SecretBytes(utf8: "password"),
                salt: [UInt8](repeating: 7, count: count),
                parameters: parameters,
                memory: &memory
            )
        }
    }

    @Test func `Parameters out of bounds cannot be made`() {
        #expect(Argon2Parameters(memory: 7, passes: 1, lanes: 1) == nil)
        #expect(Argon2Parameters(memory: 31, passes: 1, lanes: 4) == nil)
        #expect(Argon2Parameters(memory: .max, passes: 1, lanes: 1) == nil)
        #expect(Argon2Parameters(memory: 64, passes: 0, lanes: 1) == nil)
        #expect(Argon2Parameters(memory: 64, passes: .max, lanes: 1) == nil)
        #expect(Argon2Parameters(memory: 64, passes: 1, lanes: 0) == nil)
        #expect(Argon2Parameters(memory: .max, passes: 1, lanes: .max) == nil)
        #expect(Argon2Parameters(memory: 64, passes: 1, lanes: 1, tagCount: 0) == nil)
        #expect(Argon2Parameters(memory: 64, passes: 1, lanes: 1, tagCount: .max) == nil)
        #expect(Argon2Parameters(memory: 8, passes: 1, lanes: 1, tagCount: 16) != nil)
        #expect(Argon2Parameters(memory: 262_144, passes: 64, lanes: 16, tagCount: 64) != nil)
    }
}
