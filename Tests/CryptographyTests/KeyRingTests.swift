import Cryptography
import Testing

struct KeyRingTests {
    private let context = AssociatedContext(table: "outbox", row: [1, 2], column: "payload")

    private func key(_ id: UInt32, _ state: KeyRing.Key.State = .active) -> KeyRing.Key {
        let bytes: [UInt8] = state == .destroyed ? [] : Array(repeating: UInt8(truncatingIfNeeded: id), count: 32)
        return KeyRing.Key(id: id, state: state, material: SecretBytes(copying: bytes))
    }

    @Test func `A sealed value opens in its place and nowhere else`() throws {
        let ring = try KeyRing(keys: [key(1)])
        let sealed = try ring.seal(Array("code".utf8), for: .outbox, context: context)
        #expect(try ring.open(sealed, for: .outbox, context: context).validatedUTF8String() == "code")
        let elsewhere = [
            AssociatedContext(table: "outbox", row: [1, 3], column: "payload"),
            AssociatedContext(table: "outbox", row: [1, 2], column: "other"),
            AssociatedContext(table: "outbo", row: [0x78, 1, 2], column: "payload"),
            AssociatedContext(table: "outboxpayload", row: [1, 2], column: ""),
        ]
        for context in elsewhere {
            #expect(throws: CryptographyError.self) { try ring.open(sealed, for: .outbox, context: context) }
        }
        for purpose in KeyPurpose.allCases where purpose != .outbox {
            #expect(throws: CryptographyError.self) { try ring.open(sealed, for: purpose, context: context) }
        }
        for count in 0..<sealed.count {
            #expect(throws: CryptographyError.self) {
                try ring.open(sealed.prefix(count), for: .outbox, context: context)
            }
        }
    }

    @Test func `A value sealed before a rotation opens after it, and not when its key is destroyed`() throws {
        let before = try KeyRing(keys: [key(1)])
        let sealed = try before.seal([1], for: .outbox, context: context)
        let code = before.authenticationCode(for: [9], purpose: .oneTimeCode)
        let after = try KeyRing(keys: before.rotated(random: SystemRandom()))
        #expect(after.activeKeyID == 2)
        #expect(try after.open(sealed, for: .outbox, context: context).count == 1)
        #expect(after.isValid(code, for: [9], purpose: .oneTimeCode))
        #expect(after.authenticationCode(for: [9], purpose: .oneTimeCode).keyID == 2)
        let gone = try KeyRing(keys: [key(1, .destroyed), key(2)])
        #expect(throws: CryptographyError(.unknownKey(1), "the key ring has no usable key 1")) {
            try gone.open(sealed, for: .outbox, context: context)
        }
        #expect(!gone.isValid(code, for: [9], purpose: .oneTimeCode))
    }

    @Test func `A code of one purpose is none of another`() throws {
        let ring = try KeyRing(keys: [key(1)])
        let codes = KeyPurpose.allCases.map { ring.authenticationCode(for: [1, 2, 3], purpose: $0) }
        #expect(Set(codes).count == KeyPurpose.allCases.count)
        for (code, purpose) in zip(codes, KeyPurpose.allCases) {
            for other in KeyPurpose.allCases {
                #expect(ring.isValid(code, for: [1, 2, 3], purpose: other) == (other == purpose))
            }
        }
    }

    @Test func `Nonces do not repeat over many seals`() throws {
        let ring = try KeyRing(keys: [key(1)])
        var nonces: Set<ArraySlice<UInt8>> = []
        for _ in 0..<100_000 { nonces.insert(try ring.seal([], for: .outbox, context: context)[4..<16]) }
        #expect(nonces.count == 100_000)
    }

    @Test func `A ring that is not whole is refused`() {
        let wrong: [[KeyRing.Key]] = [
            [], [key(1, .decryptOnly)], [key(1), key(2)], [key(1), key(1, .decryptOnly)],
            [KeyRing.Key(id: 1, state: .active, material: SecretBytes(copying: [1, 2]))],
        ]
        for keys in wrong { #expect(throws: CryptographyError.self) { try KeyRing(keys: keys) } }
    }

    @Test func `A destroyed key stays known by its id, and the active key cannot be destroyed`() throws {
        let first = try KeyRing(keys: [key(1)])
        let sealed = try first.seal([1], for: .outbox, context: context)
        let second = try KeyRing(keys: first.rotated(random: SystemRandom()))
        #expect(throws: CryptographyError.self) { try second.destroying(2) }
        #expect(throws: CryptographyError(.unknownKey(3), "the key ring has no key 3")) { try second.destroying(3) }
        let third = try KeyRing(keys: second.destroying(1))
        #expect(third.keys.map(\.state) == [.destroyed, .active])
        #expect(third.keys.first?.material.count == 0)
        let error = #expect(throws: CryptographyError.self) { try third.open(sealed, for: .outbox, context: context) }
        #expect(error?.code == .unknownKey(1))
        #expect(try KeyRing(keys: third.rotated(random: SystemRandom())).activeKeyID == 3)
    }

    @Test func `A value cannot be opened under the id of another key`() throws {
        let ring = try KeyRing(keys: [key(1, .decryptOnly), key(2)])
        var sealed = try ring.seal([1], for: .outbox, context: context)
        sealed[3] = 1
        let error = #expect(throws: CryptographyError.self) { try ring.open(sealed, for: .outbox, context: context) }
        #expect(error?.code == .authenticationFailed)
    }
}
