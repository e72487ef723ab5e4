import Cryptography
import Testing

/// The test cases of RFC 4231, compared with Python's hmac when they were written down.
struct HMACTests {
    @Test(arguments: [
        HMACVector(
            key: String(repeating: "0b", count: 20),
            data: "4869205468657265",
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            sha512: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"
        ),
        HMACVector(
            key: "4a656665",
            data: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            sha512: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        HMACVector(
            key: String(repeating: "aa", count: 20),
            data: String(repeating: "dd", count: 50),
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            sha512: "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39"
                + "bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"
        ),
        HMACVector(
            key: "0102030405060708090a0b0c0d0e0f10111213141516171819",
            data: String(repeating: "cd", count: 50),
            sha256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            sha512: "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db"
                + "a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd"
        ),
        HMACVector(
            key: String(repeating: "aa", count: 131),
            data: Hex.encode("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            sha512: "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
        HMACVector(
            key: String(repeating: "aa", count: 131),
            data: Hex.encode(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
            ),
            sha256: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            sha512: "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
                + "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"
        ),
    ])
    func `HMAC gives the codes of RFC 4231`(vector: HMACVector) throws {
        let key = SecretBytes(copying: try #require(Hex.decode(vector.key)))
        let data = try #require(Hex.decode(vector.data))
        #expect(Hex.encode(HMACSHA256.code(for: data, key: key)) == vector.sha256)
        #expect(Hex.encode(HMACSHA256.code(for: data.lazy.map { $0 }, key: key)) == vector.sha256)
        #expect(Hex.encode(HMAC<SHA512>.code(for: data, key: key)) == vector.sha512)
    }

    @Test func `The truncated case 5 is the beginning of a code and no valid code`() {
        let key = SecretBytes(copying: [UInt8](repeating: 0x0C, count: 20))
        let data = Array("Test With Truncation".utf8)
        let code = HMACSHA256.code(for: data, key: key)
        #expect(Hex.encode(code.prefix(16)) == "a3b6167473100ee06e0c796c2955552b")
        #expect(!HMACSHA256.isValid(Array(code.prefix(16)), for: data, key: key))
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
}

/// One test case of RFC 4231: key and data in hexadecimal, with the codes.
struct HMACVector: Sendable {
    let key: String
    let data: String
    let sha256: String
    let sha512: String
}
