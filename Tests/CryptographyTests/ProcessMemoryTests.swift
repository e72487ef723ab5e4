import Cryptography
import Foundation
import Testing

/// What is left in memory of a secret that was let go (SECURITY KEY-05).
@Suite(.serialized)
struct ProcessMemoryTests {
    @Test func `A secret stands in memory once while it is held and not at all after`() throws {
        let canary = Canary()
        try hold(canary.secret, of: canary)
        #expect(try canary.occurrences() == 0)
    }

    private func hold(_ secret: SecretBytes, of canary: Canary) throws {
        let copies = [secret, secret]
        #expect(copies[0].isEqual(to: copies[1]))
        #expect(try canary.occurrences() == 1)
        withExtendedLifetime(copies) {}
    }

    @Test func `Sealing, opening, deriving and authenticating leave nothing of the secrets`() throws {
        let (plaintext, material) = (Canary(), Canary())
        try use(plaintext: plaintext.secret, material: material.secret)
        #expect(try plaintext.occurrences() == 0)
        #expect(try material.occurrences() == 0)
    }

    private func use(plaintext: SecretBytes, material: SecretBytes) throws {
        let ring = try KeyRing(keys: [KeyRing.Key(id: 1, state: .active, material: material)])
        let context = AssociatedContext(table: "t", row: [1], column: "c")
        let sealed = try ring.seal(plaintext, for: .outbox, context: context)
        #expect(try ring.open(sealed, for: .outbox, context: context).isEqual(to: plaintext))
        #expect(HMACSHA256.code(for: [1], key: plaintext).count == 32)
        #expect(SHA256.digest(of: plaintext).count == 32)
    }

    @Test func `A key ring that went through its file leaves neither the key nor its text`() throws {
        let material = Canary()
        var text = material.secret.withBytes { Base64URL.encodedBytes($0) }
        let line = Canary(masking: &text)
        let path = NSTemporaryDirectory() + "gatehouse-memory-\(UUID().uuidString)"
        defer { unlink(path) }
        try KeyRing.write([KeyRing.Key(id: 7, state: .active, material: material.secret)], to: path)
        try load(path, material: material, line: line)
        #expect(try material.occurrences() == 0)
    }

    private func load(_ path: String, material: Canary, line: Canary) throws {
        let ring = try KeyRing.load(path: path, createIfMissing: false, random: SystemRandom())
        #expect(try material.occurrences() == 1)
        #expect(try line.occurrences() == 0)
        #expect(ring.activeKeyID == 7)
        withExtendedLifetime(ring) {}
    }
}
