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

    @Test func `The other SHA functions give the digests of FIPS 180 for abc`() {
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
    }

    @Test(arguments: [
        (
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 131),
            "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC-SHA-256 gives the codes of RFC 4231`(key: String, data: String, code: String) throws {
        let key = SecretBytes(copying: try #require(Hex.decode(key)))
        let data = try #require(Hex.decode(data))
        #expect(Hex.encode(HMACSHA256.code(for: data, key: key)) == code)
    }

    @Test func `A code that is altered, shortened or lengthened is not valid`() {
        let key = SecretBytes(utf8: "key")
        let code = HMACSHA256.code(for: [1, 2, 3], key: key)
        #expect(HMACSHA256.isValid(code, for: [1, 2, 3], key: key))
        for index in code.indices {
            var altered = code
            altered[index] ^= 1
            #expect(!HMACSHA256.isValid(altered, for: [1, 2, 3], key: key))
        }
        #expect(!HMACSHA256.isValid(Array(code.dropLast()), for: [1, 2, 3], key: key))
        #expect(!HMACSHA256.isValid(code + [0], for: [1, 2, 3], key: key))
        #expect(!HMACSHA256.isValid([], for: [1, 2, 3], key: key))
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
