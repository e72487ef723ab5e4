import Cryptography
import Foundation
import Passwords
import Testing

/// The inputs that fuzzing begins with reach what they are for.
struct FuzzSeedTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Passwords/Seeds")

    /// The seeds whose names begin with a word, without their first bytes, which must be the parser's number.
    private static func texts(_ word: String, parser: UInt8) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix(word) }
        return try names.sorted().map { name in
            let bytes = try Data(contentsOf: directory.appending(path: name))
            #expect(bytes.first == parser, "\(name)")
            return String(decoding: bytes.dropFirst(), as: UTF8.self)
        }
    }

    @Test func `each record is one, of every kind there is`() throws {
        let texts = try Self.texts("record-", parser: 0)
        #expect(texts.count == 25)
        for text in texts {
            let record = try PasswordRecord(text)
            #expect(try PasswordRecord(record.text) == record)
        }
    }

    @Test func `each password but one's own is good enough`() throws {
        let policy = try #require(PasswordPolicy(blocklists: [], siteNames: []))
        let context = PasswordContext(identifiers: ["alice@example.org"])
        var accepted = 0
        for text in try Self.texts("password-", parser: 1) {
            if case .accepted = try policy.review(text, for: .withSecondFactor, context: context) { accepted += 1 }
        }
        #expect(accepted == 2)
    }
}
