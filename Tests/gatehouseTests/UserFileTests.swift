import Cryptography
import Foundation
import Testing
import Wire

@testable import gatehouse

/// Files of users, whatever stands in them.
@Suite struct UserFileTests {
    private func records(of bytes: [UInt8], pieces: Int = 7) throws -> [CSVReader.Record] {
        var rest = bytes[...]
        var reader = CSVReader {
            defer { rest = rest.dropFirst(pieces) }
            return Array(rest.prefix(pieces))
        }
        var found: [CSVReader.Record] = []
        while let record = try reader.next() { found.append(record) }
        #expect(reader.consumed == UInt64(bytes.count))
        return found
    }

    @Test func `any fields come back as they were written, however the file arrives`() throws {
        var random = SystemRandomNumberGenerator()
        let parts = ["a", "\"", ",", "\n", "\r\n", " ", "ü", "\u{1F600}", ""]
        for _ in 0..<300 {
            let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                ["x"] + (0..<3).map { _ in (0..<4).compactMap { _ in parts.randomElement(using: &random) }.joined() }
            }
            let text = rows.map(CSVWriter.line).joined()
            let read = try records(of: Array(text.utf8), pieces: Int.random(in: 1...9, using: &random))
            #expect(read.map(\.fields).elementsEqual(rows) { $0.map { Array($0.utf8) } == $1.map { Array($0.utf8) } })
            #expect(read.allSatisfy { $0.problem == nil })
        }
    }

    @Test func `bytes of any kind are read to their end, in the order of their lines`() throws {
        var random = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xFF, 0xEF, 0xBB, 0xBF, 0x00]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            let lines = try records(of: bytes).map(\.line)
            #expect(lines == lines.sorted())
        }
    }

    @Test(arguments: [
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]), ("a,\r\n\r\n,b\r\n", [["a", ""], ["", "b"]]),
        ("\"a\"\"b\",\"c\nd\"\n", [["a\"b", "c\nd"]]), ("\u{FEFF}a\n", [["a"]]), ("", []), ("\n\n", []),
    ])
    func `records of RFC 4180`(text: String, fields: [[String]]) throws {
        let read = try records(of: Array(text.utf8))
        #expect(read.map(\.fields) == fields && read.allSatisfy { $0.problem == nil })
    }

    @Test func `a record says what is wrong with it, and the next one is read`() throws {
        let text = "a\"b,c\n\"x\"y\n\"ok\"\n"
        let read = try records(of: Array(text.utf8) + [0xFF, 0x0A] + Array("\"open\n".utf8))
        #expect(read.map { $0.problem != nil } == [true, true, false, true, true])
        #expect(read.map(\.line) == [1, 2, 3, 4, 5])
    }

    /// RFC 4648 section 10.
    @Test(arguments: [("MY======", "f"), ("mzxw 6ytb", "fooba"), ("MZXW-6YTB-OI======", "foobar")])
    func `keys in base 32`(text: String, key: String) throws {
        let decoded = try #require(Base32Key.decode(text))
        #expect(decoded.withBytes { Array($0) } == Array(key.utf8))
        for none in ["", "1", "MZ0", "MÜ"] { #expect(Base32Key.decode(none) == nil) }
    }

    @Test func `a line that is exported is read to the same record`() throws {
        var record = UserRecord()
        record.externalID = "one"
        record.profileJson = #"{"a":{"b":[1,2.50]},"c":"\u0001"}"#
        record.identifiers = [IdentifierRecord(kind: .email, value: "a@example.com", primary: true)]
        record.createTime = WireTimestamp(microsecondsSinceEpoch: 1_600_000_000_123_456)
        let line = try record.line()
        #expect(line.hasSuffix("\n") && line.contains(#""profile":{"a":{"b":[1,2.50]}"#))
        guard case .user(let read) = try TransferRecord(line: Array(line.dropLast().utf8)) else {
            Issue.record("no user")
            return
        }
        #expect(read.encoded() == record.encoded())
    }
}
