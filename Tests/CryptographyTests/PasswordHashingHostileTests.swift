import Cryptography
import Testing

/// Records made to exhaust or to confuse (SECURITY PW-09, PW-17).
struct PasswordHashingHostileTests {
    private static let salt = "AAECAwQFBgcICQoLDA0ODw"
    private static let tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

    @Test(arguments: [
        "m=4294967295,t=1,p=1", "m=4294967296,t=1,p=1", "m=18446744073709551616,t=1,p=1", "m=262145,t=1,p=1",
        "m=7,t=1,p=1", "m=31,t=1,p=4", "m=64,t=0,p=1", "m=64,t=65,p=1", "m=64,t=2147483648,p=1", "m=64,t=1,p=0",
        "m=4096,t=1,p=17", "m=262144,t=1,p=4294967295",
    ])
    func `A cost of Argon2 out of bounds is refused`(costs: String) {
        #expect(throws: PasswordRecordError.outOfBounds) {
            try PasswordRecord("$argon2id$v=19$\(costs)$\(Self.salt)$\(Self.tag)")
        }
    }

    @Test(arguments: [
        "t=1,m=64,p=1", "m=64,m=64,t=1,p=1", "m=64,t=1", "m=64,t=1,p=1,p=1", "m=64,t=1,p=1,data=AAAA", "m=+64,t=1,p=1",
        "m=064,t=1,p=1", "m=,t=1,p=1", "m=-64,t=1,p=1", "m=64,t=1,p=1,", " m=64,t=1,p=1", "m=0x40,t=1,p=1", "",
        "m=64;t=1;p=1", "M=64,T=1,P=1", "m=\u{FF16}\u{FF14},t=1,p=1",
    ])
    func `Costs of Argon2 in another form are malformed`(costs: String) {
        #expect(throws: PasswordRecordError.malformed) {
            try PasswordRecord("$argon2id$v=19$\(costs)$\(Self.salt)$\(Self.tag)")
        }
    }

    @Test func `An Argon2 tag or salt that is empty, short, long or not canonical is refused`() {
        let start = "$argon2id$v=19$m=64,t=1,p=1$"
        let long = String(repeating: "AAAA", count: 22)
        for end in [
            "\(Self.salt)$", "\(Self.salt)", "$\(Self.tag)", "\(Self.salt)$AAAA", "AAAA$\(Self.tag)",
            "\(Self.salt)$\(long)", "\(long)$\(Self.tag)", "\(Self.salt)$\(Self.tag)=", "\(Self.salt)$\(Self.tag)$",
            "\(Self.salt)==$\(Self.tag)", "\(Self.salt)$\(Self.tag.dropLast())5",
            "\(Self.salt.dropLast())x$\(Self.tag)",
            "\(Self.salt)$\(Self.tag.replacing("/", with: "_"))",
        ] {
            #expect(throws: PasswordRecordError.self, "\(end)") { try PasswordRecord(start + end) }
        }
    }

    @Test(arguments: ["v=18", "v=0", "v=4294967295", "v=99999999999", "v=", "v=19,v=19", "19"])
    func `A version of Argon2 that is not known is refused`(version: String) {
        #expect(throws: PasswordRecordError.self) {
            try PasswordRecord("$argon2id$\(version)$m=64,t=1,p=1$\(Self.salt)$\(Self.tag)")
        }
    }

    @Test(arguments: [
        "$scrypt$ln=31,r=8,p=1$", "$scrypt$ln=20,r=8,p=1$", "$scrypt$ln=4294967295,r=8,p=1$",
        "$scrypt$ln=14,r=4294967295,p=1$", "$scrypt$ln=14,r=8,p=4294967295$", "$scrypt$ln=0,r=8,p=1$",
        "$scrypt$ln=16,r=32,p=16$", "$pbkdf2-sha256$2147483648$", "$pbkdf2-sha256$10000001$", "$pbkdf2-sha256$0$",
        "$pbkdf2-sha256$99999999999999999999$", "$pbkdf2-sha512$i=2147483648,l=32$", "$pbkdf2-sha256$i=1,l=4294967295$",
    ])
    func `A cost of scrypt or PBKDF2 out of bounds is refused`(start: String) {
        #expect(throws: PasswordRecordError.outOfBounds) { try PasswordRecord("\(start)\(Self.salt)$\(Self.tag)") }
    }

    @Test(arguments: [
        "scrypt$1073741824$seasalt12345$8$1$", "scrypt$1023$seasalt12345$8$1$", "scrypt$0$seasalt12345$8$1$",
        "scrypt$1024$salt$8$1$", "pbkdf2_sha256$2147483648$seasalt12345$", "pbkdf2_sha256$1000$salt$",
        "pbkdf2_sha256$1000$\(String(repeating: "s", count: 129))$",
    ])
    func `A cost or salt of Django out of bounds is refused`(start: String) {
        #expect(throws: PasswordRecordError.outOfBounds) { try PasswordRecord("\(start)\(Self.tag)=") }
    }

    @Test(arguments: [
        "$2x$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS",
        "$2$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS",
        "bcrypt$$2x$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0", "$y$j9T$abc$def", "$7$C6..../....SodiumChloride$x", "$md5$x",
        "md5$salt$0123456789abcdef", "sha1$salt$0123456789", "bcrypt_sha512$$2b$04$x", "$", "$$", "$$$$$$", "x$", "",
        "plain text", "!", "*", "AgAAAA==", "$ARGON2ID$v=19$m=64,t=1,p=1$AAAA$AAAA",
    ])
    func `A format that is unknown or broken is refused`(text: String) {
        #expect(throws: PasswordRecordError.unknownFormat) { try PasswordRecord(text) }
    }

    @Test(arguments: ["03", "17", "31", "99", "00"])
    func `A cost of bcrypt out of bounds is refused`(cost: String) {
        #expect(throws: PasswordRecordError.outOfBounds) {
            try PasswordRecord("$2b$\(cost)$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS")
        }
    }

    @Test(arguments: ["4", "004", "+4", " 4", "", "4 "])
    func `A cost of bcrypt that is not two digits is malformed`(cost: String) {
        #expect(throws: PasswordRecordError.malformed) {
            try PasswordRecord("$2b$\(cost)$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS")
        }
    }

    @Test(arguments: [
        "rounds=999$saltstring", "rounds=5000001$saltstring", "rounds=999999999$saltstring",
        "rounds=4294967296$saltstring", "rounds=0$saltstring", "rounds=01000$saltstring", "rounds=$saltstring",
        "rounds=1000$rounds=1000$saltstring", "", "salt:string", "saltstringsaltstr", "salt string", "s\u{E4}lt",
    ])
    func `Rounds or a salt of SHA-crypt that are not as they must be are refused`(setting: String) {
        #expect(throws: PasswordRecordError.self) {
            try PasswordRecord("$5$\(setting)$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")
        }
    }

    @Test func `Lengths and costs of ASP.NET Core Identity that point outside are refused`() throws {
        let salt = [UInt8](repeating: 1, count: 16)
        let key = [UInt8](repeating: 2, count: 32)
        func text(_ bytes: [UInt8]) -> String {
            let unpadded = Base64URL.encode(bytes).replacing("-", with: "+").replacing("_", with: "/")
            return unpadded + String(repeating: "=", count: (4 - unpadded.utf8.count % 4) % 4)
        }
        func version3(hash: [UInt8], iterations: [UInt8], saltCount: [UInt8]) -> String {
            text([1] + hash + iterations + saltCount + salt + key)
        }
        let one: [UInt8] = [0, 0, 0, 1]
        let sixteen: [UInt8] = [0, 0, 0, 16]
        let all: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        #expect(throws: Never.self) {
            try PasswordRecord(version3(hash: one, iterations: one, saltCount: sixteen))
        }
        for hostile in [
            version3(hash: one, iterations: one, saltCount: all),
            version3(hash: one, iterations: one, saltCount: [0x7F, 0xFF, 0xFF, 0xFF]),
            version3(hash: one, iterations: one, saltCount: [0, 0, 0, 48]),
            version3(hash: one, iterations: one, saltCount: [0, 0, 0, 33]),
            version3(hash: one, iterations: one, saltCount: [0, 0, 0, 15]),
            version3(hash: one, iterations: one, saltCount: [0, 0, 0, 0]),
            version3(hash: one, iterations: [0x80, 0, 0, 0], saltCount: sixteen),
            version3(hash: one, iterations: all, saltCount: sixteen),
            version3(hash: one, iterations: [0, 0, 0, 0], saltCount: sixteen),
            version3(hash: [0, 0, 0, 3], iterations: one, saltCount: sixteen),
            version3(hash: all, iterations: one, saltCount: sixteen),
            text([1]), text([1, 0, 0, 0]), text([0]), text([0] + salt + key + [0]), text([0] + salt + key.dropLast()),
            text([2] + salt + key), text([0xFF] + salt + key),
        ] {
            #expect(throws: PasswordRecordError.self) { try PasswordRecord(hostile) }
        }
    }

    @Test func `Base64 with bits left over, without its padding or of the URL alphabet is refused`() {
        let canonical = "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg=="
        for text in [
            String(canonical.dropLast(2)), String(canonical.dropLast()), canonical + "=",
            canonical.replacing("+", with: "-"),
            canonical.replacing("Jg==", with: "Jh=="), canonical.replacing("Jg==", with: "===="),
        ] {
            #expect(throws: PasswordRecordError.self) { try PasswordRecord(text) }
        }
    }

    @Test func `A text without end is refused before it is read`() {
        for text in [String(repeating: "A", count: 4_000_000), "$" + String(repeating: "$", count: 4_000_000)] {
            #expect(throws: PasswordRecordError.outOfBounds) { try PasswordRecord(text) }
        }
    }

    @Test func `No prefix of a record and no changed byte ends the process`() {
        for vector in PasswordHashingVector.all {
            let bytes = Array(vector.text.utf8)
            for index in bytes.indices {
                _ = try? PasswordRecord(String(decoding: bytes[..<index], as: UTF8.self))
                for replacement in [0x24, 0x3D, 0x2C, 0x39, 0x00] as [UInt8] {
                    var changed = bytes
                    changed[index] = replacement
                    let record = try? PasswordRecord(String(decoding: changed, as: UTF8.self))
                    #expect(record.map { $0.memoryCount <= 257 << 20 } ?? true)
                }
            }
        }
    }
}
