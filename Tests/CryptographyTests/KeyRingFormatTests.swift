import Cryptography
import Testing

/// What is stored must stay readable: labels, derivation and layout, as Python's cryptography computed them once.
struct KeyRingFormatTests {
    private func ring() throws -> KeyRing {
        let material = SecretBytes(copying: [UInt8](repeating: 5, count: 32))
        return try KeyRing(keys: [KeyRing.Key(id: 1, state: .active, material: material)])
    }

    @Test(arguments: [
        (KeyPurpose.oneTimeCode, "c61a41f95e2a269a046a276e0df0212ac085fece7dcdda5ab42ca97d7fe6142b"),
        (.csrf, "0430a083bdbb2122f69d1d35f1d79e6035eb62b99e137185d139c142b41e178d"),
        (.cookie, "e497f10af93f5588c346204440a3717be34664f9f3a6a99018566ddbd927ac92"),
        (.pageToken, "7e577f623c1a98a1b1b5e11476255ccfeebc4f2da7b3129f4f01646f00375de2"),
        (.throttleKey, "453cb90d774ff1cd8c55a5b9d695a033f734a3944992c11d84194fddbc140f4c"),
        (.outbox, "cafb733e0d8847a05e2c004e8033b5f6edbad5dfb18bfb0c2a13150eb4eb12f8"),
        (.idempotency, "4667c0a3a8fd1d92edc8d1dbf89132ee73479a1dc31b4e1a8c11758e96a202b5"),
    ])
    func `The code of each purpose is what it always was`(purpose: KeyPurpose, code: String) throws {
        #expect(Hex.encode(try ring().authenticationCode(for: [1, 2, 3], purpose: purpose).bytes) == code)
    }

    @Test func `A sealed value is laid out as it always was`() throws {
        let sealed = try ring().seal(
            Array("code".utf8),
            for: .outbox,
            context: AssociatedContext(table: "outbox", row: [1, 2], column: "payload"),
            random: CountingRandom()
        )
        #expect(Hex.encode(sealed) == "00000001000102030405060708090a0b2997e08f4f6404da99f4239831c6ca21a39908eb")
    }
}
