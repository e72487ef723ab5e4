import Cryptography
import Testing

/// Known answers of the hash functions and of what is built on them.
struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the digests of FIPS 180`(text: String, digest: String) {
        #expect(Hex.encode(SHA256.digest(of: text.utf8)) == digest)
        #expect(Hex.encode(SHA256.digest(of: SecretBytes(utf8: text))) == digest)
        #expect(Hex.encode(SHA256.digest(of: Array(text.utf8).lazy.map { $0 })) == digest)
    }

    // The values of FIPS 180's examples, compared with Python's hashlib when they were written down.
    @Test func `The other SHA functions give the digests of FIPS 180`() {
        let abc = Array("abc".utf8)
        #expect(Hex.encode(SHA1.digest(of: abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Hex.encode(SHA384.digest(of: abc))
                == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
        )
        #expect(
            Hex.encode(SHA512.digest(of: abc))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
                + "454d4423643ce80e2a9ac94fa54ca49f"
        )
        let twoBlocks = Array(
            ("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu").utf8
        )
        #expect(
            Hex.encode(SHA512.digest(of: twoBlocks))
                == "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433a"
                + "c7d329eeb6dd26545e96e55b874be909"
        )
    }

    @Test func `A million letters give the digests of FIPS 180`() {
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(Hex.encode(SHA1.digest(of: letters)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        #expect(
            Hex.encode(SHA256.digest(of: letters))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test(arguments: [
        HKDFVector(
            material: String(repeating: "0b", count: 22),
            salt: "000102030405060708090a0b0c",
            info: "f0f1f2f3f4f5f6f7f8f9",
            output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        ),
        HKDFVector(
            material: HKDFVector.sequence(0x00...0x4F),
            salt: HKDFVector.sequence(0x60...0xAF),
            info: HKDFVector.sequence(0xB0...0xFF),
            output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
        HKDFVector(
            material: String(repeating: "0b", count: 22),
            salt: "",
            info: "",
            output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        ),
    ])
    func `HKDF gives the keys of RFC 5869`(vector: HKDFVector) throws {
        let output = try #require(Hex.decode(vector.output))
        let derived = HKDFSHA256.derive(
            from: SecretBytes(copying: try #require(Hex.decode(vector.material))),
            salt: try #require(Hex.decode(vector.salt)),
            info: try #require(Hex.decode(vector.info)),
            count: output.count
        )
        #expect(derived.isEqual(to: SecretBytes(copying: output)))
    }
}

/// One test case of RFC 5869 appendix A, in hexadecimal.
struct HKDFVector: Sendable {
    let material: String
    let salt: String
    let info: String
    let output: String

    static func sequence(_ range: ClosedRange<UInt8>) -> String {
        Hex.encode(Array(range))
    }
}
