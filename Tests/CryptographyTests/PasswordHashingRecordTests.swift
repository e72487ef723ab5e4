import Cryptography
import Testing

/// Records of all formats: read, verified, written again.
struct PasswordHashingRecordTests {
    private static func smallMemory() throws -> Argon2Memory {
        Argon2Memory(for: try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1)))
    }

    @Test(arguments: PasswordHashingVector.all)
    func `A record of another program verifies its password and no other`(vector: PasswordHashingVector) throws {
        let record = try PasswordRecord(vector.text)
        var memory = try Self.smallMemory()
        #expect(try record.verify(SecretBytes(utf8: vector.password), memory: &memory))
        for wrong in [vector.password + "x", vector.password + " ", "M" + vector.password.dropFirst()] {
            #expect(try !record.verify(SecretBytes(utf8: wrong), memory: &memory))
        }
    }

    @Test(arguments: PasswordHashingVector.all)
    func `A record is written as it was read`(vector: PasswordHashingVector) throws {
        let record = try PasswordRecord(vector.text)
        #expect(record.text == vector.text)
        #expect(try PasswordRecord(record.text) == record)
    }

    @Test(arguments: PasswordHashingVector.all)
    func `A record with a letter of its tag changed verifies nothing`(vector: PasswordHashingVector) throws {
        // Far enough from the end to be no bits left over and no padding.
        var bytes = Array(vector.text.utf8)
        let index = bytes.count - 8
        bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        let record = try PasswordRecord(String(decoding: bytes, as: UTF8.self))
        var memory = try Self.smallMemory()
        #expect(try !record.verify(SecretBytes(utf8: vector.password), memory: &memory))
    }

    @Test(arguments: PasswordHashingVector.all)
    func `A record cut short or lengthened is refused or verifies nothing`(vector: PasswordHashingVector) throws {
        var memory = try Self.smallMemory()
        for text in [String(vector.text.dropLast()), vector.text + "A", String(vector.text.dropFirst())] {
            guard let record = try? PasswordRecord(text) else { continue }
            #expect(try !record.verify(SecretBytes(utf8: vector.password), memory: &memory), "\(text.prefix(12))")
        }
    }

    @Test(arguments: PasswordHashingVector.all)
    func `White space makes every record malformed`(vector: PasswordHashingVector) {
        let middle = vector.text.index(vector.text.endIndex, offsetBy: -5)
        for space in [" ", "\n", "\t", "\u{A0}"] {
            let inside = vector.text[..<middle] + space + vector.text[middle...]
            for text in [space + vector.text, vector.text + space, String(inside)] {
                #expect(throws: PasswordRecordError.self) { try PasswordRecord(text) }
            }
        }
    }

    /// SECURITY PW-07.
    @Test func `A new record is Argon2id with a salt of its own`() throws {
        let parameters = try #require(Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        var memory = Argon2Memory(for: parameters)
        let password = SecretBytes(utf8: "correct horse")
        let first = try PasswordRecord(hashing: password, parameters: parameters, memory: &memory)
        let second = try PasswordRecord(hashing: password, parameters: parameters, memory: &memory)
        #expect(first.text.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(first != second)
        #expect(try PasswordRecord(first.text).verify(password, memory: &memory))
        #expect(try PasswordRecord(second.text).verify(password, memory: &memory))
    }

    @Test func `A password that bcrypt would cut short never verifies`() throws {
        let record = try PasswordRecord("$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i")
        var memory = try Self.smallMemory()
        let longest = String(repeating: "x", count: 72)
        #expect(try record.verify(SecretBytes(utf8: longest), memory: &memory))
        #expect(try !record.verify(SecretBytes(utf8: longest + "x"), memory: &memory))
        #expect(try !record.verify(SecretBytes(utf8: longest + "y"), memory: &memory))
    }

    @Test func `A zero byte ends no password`() throws {
        var memory = try Self.smallMemory()
        for text in [
            "$2b$04$abcdefghijklmnopqrstuuR/sMB5BEXmOMYfypgggoVc1NiqGSQrS",
            "$6$rounds=1000$saltstring$infgQ.rmABnzJFKdXXZ5QTVLu.z0w/TVfdihAX//9ANwjaivFNKasZ.sQpGw29r/"
                + "EYCrt1ybdW.yHTx61/njb0",
        ] {
            let record = try PasswordRecord(text)
            #expect(try !record.verify(SecretBytes(utf8: "my password\0"), memory: &memory))
            #expect(try !record.verify(SecretBytes(utf8: "my password\0x"), memory: &memory))
        }
    }

    @Test func `A password too long for SHA-crypt never verifies`() throws {
        let record = try PasswordRecord("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5")
        var memory = try Self.smallMemory()
        #expect(try !record.verify(SecretBytes(utf8: String(repeating: "x", count: 512)), memory: &memory))
        #expect(try !record.verify(SecretBytes(utf8: String(repeating: "x", count: 511)), memory: &memory))
    }

    @Test func `Nothing that prints a record shows what it holds`() throws {
        for vector in PasswordHashingVector.all {
            let record = try PasswordRecord(vector.text)
            var dumped = ""
            dump(record, to: &dumped)
            #expect("\(record) \(String(reflecting: record)) \(dumped)".contains("redacted"))
            #expect(!dumped.contains("salt") && !dumped.contains("tag"))
        }
    }
}
