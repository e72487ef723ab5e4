import Cryptography
import Foundation
import Testing

struct KeyRingFileTests {
    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "gatehouse-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func load(_ path: String, create: Bool = false) throws -> KeyRing {
        try KeyRing.load(path: path, createIfMissing: create, random: SystemRandom())
    }

    private let line = "1 active " + Base64URL.encode(Array(repeating: UInt8(5), count: 32)) + "\n"

    @Test func `A missing file is made once, for its owner only`() async throws {
        try await withDirectory { directory in
            let path = directory + "/keys"
            #expect(throws: CryptographyError.self) { try load(path) }
            let made = try load(path, create: true)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let code = made.authenticationCode(for: [1], purpose: .csrf)
            #expect(try load(path, create: true).isValid(code, for: [1], purpose: .csrf))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["keys"])
        }
    }

    @Test func `Processes that start at once end with one ring`() async throws {
        try await withDirectory { directory in
            let codes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let ring = try KeyRing.load(
                            path: directory + "/keys",
                            createIfMissing: true,
                            random: SystemRandom()
                        )
                        return ring.authenticationCode(for: [1], purpose: .csrf).bytes
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(codes.count == 1)
        }
    }

    @Test func `A file that others can read, a link and a directory are refused`() async throws {
        try await withDirectory { directory in
            for mode in [0o644, 0o640, 0o604, 0o660] {
                try write(line, to: directory + "/open", mode: mode)
                #expect(throws: CryptographyError.self) { try load(directory + "/open") }
            }
            try write(line, to: directory + "/closed")
            _ = try load(directory + "/closed")
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/link",
                withDestinationPath: directory + "/closed"
            )
            #expect(throws: CryptographyError.self) { try load(directory + "/link") }
            #expect(throws: CryptographyError.self) { try load(directory) }
        }
    }

    @Test(arguments: [
        "", "1 active\n", "1 active AAAA\n", "x active AAAA\n", "1 sleeping AAAA\n", "1 active AAAA extra\n",
        "1 destroyed AAAA\n", "4294967296 active AAAA\n", "1 decrypt-only", "+1 active AAAA\n", "1  active AAAA\n",
        "1 active AAAA\r\n", "1 Active AAAA\n", "\u{0661} active AAAA\n", "1 active AAAA\n\0",
    ])
    func `A damaged file is refused with the reason and without its content`(text: String) async throws {
        try await withDirectory { directory in
            try write(text, to: directory + "/keys")
            let error = #expect(throws: CryptographyError.self) { try load(directory + "/keys") }
            #expect(error?.code == .keyRing)
            #expect(error?.description.contains("AAAA") == false)
        }
    }

    @Test func `A file with two active keys, none, or one id twice is refused`() async throws {
        let decryptOnly = line.replacing("active", with: "decrypt-only")
        try await withDirectory { directory in
            for text in [line + line.replacing("1 ", with: "2 "), decryptOnly, line + decryptOnly, "1 destroyed\n"] {
                try write(text, to: directory + "/keys")
                let error = #expect(throws: CryptographyError.self) { try load(directory + "/keys") }
                #expect(error?.code == .keyRing)
            }
        }
    }

    @Test func `A file that was cut short is refused wherever the cut is`() async throws {
        try await withDirectory { directory in
            let path = directory + "/keys"
            try KeyRing.write(load(path, create: true).rotated(random: SystemRandom()), to: path)
            let whole = try String(contentsOfFile: path, encoding: .utf8)
            for count in 0..<whole.utf8.count {
                try write(String(whole.prefix(count)), to: path)
                #expect(throws: CryptographyError.self, "\(count) bytes") { try load(path) }
            }
            try write(whole, to: path)
            #expect(try load(path).keyIDs == [1, 2])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only the superuser can give a file away"))
    func `A file of another user is refused`() async throws {
        try await withDirectory { directory in
            try write(line, to: directory + "/keys")
            #expect(chown(directory + "/keys", 65_534, 65_534) == 0)
            let error = #expect(throws: CryptographyError.self) { try load(directory + "/keys") }
            #expect(error?.description.contains("another user") == true)
        }
    }

    @Test func `A pipe in the file's place is refused and not waited for`() async throws {
        try await withDirectory { directory in
            #expect(mkfifo(directory + "/keys", 0o600) == 0)
            #expect(throws: CryptographyError.self) { try load(directory + "/keys") }
        }
    }

    @Test func `A rotation replaces the file in one step and keeps what was sealed readable`() async throws {
        try await withDirectory { directory in
            let path = directory + "/keys"
            let context = AssociatedContext(table: "t", row: [1], column: "c")
            let first = try load(path, create: true)
            let sealed = try first.seal([1, 2, 3], for: .outbox, context: context)
            try KeyRing.write(first.rotated(random: SystemRandom()), to: path)
            let second = try load(path)
            #expect(second.keyIDs == [1, 2])
            #expect(try second.open(sealed, for: .outbox, context: context).count == 3)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["keys"])
            #expect(throws: CryptographyError.self) { try KeyRing.write([], to: path) }
            #expect(try load(path).activeKeyID == 2)
        }
    }
}
