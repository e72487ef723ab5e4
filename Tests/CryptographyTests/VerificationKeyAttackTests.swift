import Cryptography
import Testing

/// Signatures and keys that were made to be taken for others (SECURITY WA-20, WA-21, DEP-03).
struct VerificationKeyAttackTests {
    /// RFC 8032 section 7.1 tests 2 and 3, section 7.4 "blank".
    private static let standard: [(VerificationKey.EdwardsCurve, key: String, message: String, signature: String)] = [
        (
            .ed25519, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            .ed25519, "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a"
        ),
        (
            .ed448,
            "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6c"
                + "d1fa1abeafe8256180", "",
            "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d78"
                + "28c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4"
                + "dbb61149f05a7363268c71d95808ff2e652600"
        ),
    ]

    @Test(arguments: standard.indices) func `the standard's EdDSA signatures fit`(index: Int) throws {
        let (curve, key, message, signature) = Self.standard[index]
        let made = try VerificationKey(edwards: curve, publicKey: try #require(Hex.decode(key)))
        let (bytes, signed) = (try #require(Hex.decode(message)), try #require(Hex.decode(signature)))
        let algorithm = curve == .ed25519 ? SignatureAlgorithm.ed25519 : .ed448
        #expect(made.isValid(signature: signed, of: bytes, algorithm))
        #expect(!made.isValid(signature: signed, of: bytes + [0], algorithm))
        for place in signed.indices {
            var bent = signed
            bent[place] ^= 0x80
            #expect(!made.isValid(signature: bent, of: bytes, algorithm), "bit of byte \(place)")
        }
    }

    @Test func `an Ed25519 signature whose number went once round the group is none`() throws {
        let (curve, key, message, signature) = Self.standard[1]
        let made = try VerificationKey(edwards: curve, publicKey: try #require(Hex.decode(key)))
        var bent = try #require(Hex.decode(signature))
        let order = try #require(
            Hex.decode("edd3f55c1a631258d69cf7a2def9de14" + String(repeating: "0", count: 30) + "10")
        )
        var carry: UInt16 = 0
        for (place, byte) in order.enumerated() {
            carry += UInt16(bent[32 + place]) + UInt16(byte)
            bent[32 + place] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        #expect(carry == 0)
        #expect(!made.isValid(signature: bent, of: try #require(Hex.decode(message)), .ed25519))
    }

    /// What RSASSA-PKCS1-v1_5 signs of a message: the padding, then the hash and its name.
    private static func block(hash: [UInt8], named name: String, padding: Int? = nil, after: Int = 0) -> [UInt8] {
        let end = (Hex.decode(name) ?? []) + hash
        let count = padding ?? 256 - 3 - end.count
        let padding = [UInt8](repeating: 0xFF, count: count)
        return [0, 1] + padding + [0] + end + [UInt8](repeating: 0, count: after)
    }

    @Test func `of an RSA signature every byte of the padding counts`() throws {
        let openssl = try OpenSSLCommand()
        try openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out key")
        try openssl.run("pkey -in key -pubout -outform DER -out public")
        let key = try VerificationKey(subjectPublicKeyInfo: openssl.read("public"))
        #expect(key.rsaNumbers?.exponent == [3])
        let message = Array("x".utf8)
        let hash = SHA256.digest(of: message)
        let name = "3031300d060960864801650304020105000420"
        func isValid(_ block: [UInt8]) throws -> Bool {
            #expect(block.count == 256)
            // Without padding, to decrypt is to sign.
            try openssl.write(block, to: "block")
            try openssl.run("pkeyutl -decrypt -inkey key -pkeyopt rsa_padding_mode:none -in block -out signature")
            return try key.isValid(signature: openssl.read("signature"), of: message, .rs256)
        }
        let right = Self.block(hash: hash, named: name)
        #expect(try isValid(right))
        // Bleichenbacher's forgery: little padding, and what makes it a cube behind the hash.
        #expect(try !isValid(Self.block(hash: hash, named: name, padding: 8, after: 256 - 11 - 19 - 32)))
        #expect(try !isValid(Self.block(hash: hash, named: name, padding: 201, after: 1)))
        // No NULL behind the hash's name, SHA-1's name, no name.
        #expect(try !isValid(Self.block(hash: hash, named: "302f300b0609608648016503040201" + "0420")))
        #expect(try !isValid(Self.block(hash: hash, named: "3021300906052b0e03021a05000414")))
        #expect(try !isValid(Self.block(hash: hash, named: "")))
        for (place, byte) in [(1, 2), (1, 0), (2, 0xFE), (100, 0), (203, 0xFE), (204, 1), (205, 0x31)] as [(Int, UInt8)]
        {
            var bent = right
            bent[place] = byte
            #expect(try isValid(bent) == (bent == right), "byte \(place)")
        }
    }

    @Test func `a PSS signature has salt as long as the hash`() throws {
        let openssl = try OpenSSLCommand()
        try openssl.write("x", to: "message")
        try openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key")
        try openssl.run("pkey -in key -pubout -outform DER -out public")
        let key = try VerificationKey(subjectPublicKeyInfo: openssl.read("public"))
        for (count, hash, isRight) in [
            (32, "sha256", true), (0, "sha256", false), (20, "sha256", false), (33, "sha256", false),
            (32, "sha1", false),
        ] {
            try openssl.run(
                "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:\(count) -sigopt rsa_mgf1_md:\(hash)"
                    + " -sign key -out signature message"
            )
            let signature = try openssl.read("signature")
            #expect(key.isValid(signature: signature, of: [UInt8(ascii: "x")], .ps256) == isRight, "\(count) \(hash)")
            #expect(!key.isValid(signature: signature, of: [UInt8(ascii: "x")], .rs256))
        }
    }

    /// To find out that it is a prime takes OpenSSL seconds, which a certificate could ask of us ten times.
    @Test func `whether an RSA modulus is a prime is not looked at`() throws {
        let prime = [0x7F] + [UInt8](repeating: 0xFF, count: 552)
        let key = try VerificationKey(rsaModulus: prime, exponent: [1, 0, 1])
        #expect(key.kind == .rsa(bits: 4423))
        #expect(!key.isValid(signature: [UInt8](repeating: 0x55, count: 553), of: [], .rs256))
        #expect(throws: CryptographyError.self) {
            try VerificationKey(rsaModulus: prime.dropLast() + [0xFE], exponent: [1, 0, 1])
        }
    }

    @Test func `RSA signatures of nothing, one, and the modulus are none`() throws {
        let modulus = [UInt8](repeating: 0xC5, count: 256)
        let key = try VerificationKey(rsaModulus: modulus, exponent: [3])
        let zero = [UInt8](repeating: 0, count: 256)
        for signature in [zero, zero.dropLast() + [1], modulus, [UInt8](repeating: 0xFF, count: 256)] {
            for algorithm in SignatureAlgorithm.allCases {
                #expect(!key.isValid(signature: signature, of: [], algorithm))
            }
        }
    }
}
