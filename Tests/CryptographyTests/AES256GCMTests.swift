import Cryptography
import Testing

/// Known answers and tampering.
struct AES256GCMTests {
    // Test cases 13, 14 and 16 of the GCM specification (McGrew and Viega).
    @Test func `The specification's test cases come out`() throws {
        let zero = SecretBytes(copying: [UInt8](repeating: 0, count: 32))
        let nonce = [UInt8](repeating: 0, count: 12)
        let empty = try AES256GCM.seal(SecretBytes(copying: []), key: zero, nonce: nonce, additionalData: [])
        #expect(Hex.encode(empty) == "530f8afbc74536b9a963b4f1c4cb738b")
        let block = SecretBytes(copying: [UInt8](repeating: 0, count: 16))
        let sealed = try AES256GCM.seal(block, key: zero, nonce: nonce, additionalData: [])
        #expect(Hex.encode(sealed) == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
    }

    @Test func `Additional data is authenticated as the specification's case 16 says`() throws {
        let key = try #require(Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                    + "b16aedf5aa0de657ba637b39"
            )
        )
        let sealed = try AES256GCM.seal(
            SecretBytes(copying: plaintext),
            key: SecretBytes(copying: key),
            nonce: try #require(Hex.decode("cafebabefacedbaddecaf888")),
            additionalData: try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        )
        #expect(
            Hex.encode(sealed)
                == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b"
        )
    }

    // Test case 15, compared with Python's cryptography when it was written down.
    @Test func `Whole blocks without additional data come out as the specification's case 15 says`() throws {
        let key = try #require(Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                    + "b16aedf5aa0de657ba637b391aafd255"
            )
        )
        let sealed = try AES256GCM.seal(
            SecretBytes(copying: plaintext),
            key: SecretBytes(copying: key),
            nonce: try #require(Hex.decode("cafebabefacedbaddecaf888")),
            additionalData: []
        )
        #expect(
            Hex.encode(sealed)
                == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f662898015ad" + "b094dac5d93471bdec1a502270e3cc6c"
        )
    }

    @Test func `Any changed byte, nonce, key or additional data is refused`() throws {
        let key = SecretBytes(copying: Array(0..<32))
        let nonce = [UInt8](repeating: 7, count: 12)
        let sealed = try AES256GCM.seal(SecretBytes(utf8: "secret"), key: key, nonce: nonce, additionalData: [1])
        let opened = try AES256GCM.open(sealed, key: key, nonce: nonce, additionalData: [1])
        #expect(opened.validatedUTF8String() == "secret")
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 0x80
            #expect(throws: CryptographyError.self) {
                try AES256GCM.open(altered, key: key, nonce: nonce, additionalData: [1])
            }
        }
        #expect(throws: CryptographyError.self) {
            try AES256GCM.open(sealed, key: key, nonce: nonce, additionalData: [2])
        }
        #expect(throws: CryptographyError.self) {
            try AES256GCM.open(sealed.dropLast(), key: key, nonce: nonce, additionalData: [1])
        }
        #expect(throws: CryptographyError.self) {
            try AES256GCM.open(sealed, key: key, nonce: [UInt8](repeating: 8, count: 12), additionalData: [1])
        }
        let other = SecretBytes(copying: Array(1..<33))
        #expect(throws: CryptographyError.self) {
            try AES256GCM.open(sealed, key: other, nonce: nonce, additionalData: [1])
        }
    }

    @Test func `A key or nonce of another length is refused`() {
        #expect(throws: CryptographyError(.badKey, "AES-256-GCM takes a key of 32 bytes and a nonce of 12")) {
            try AES256GCM.seal(
                SecretBytes(utf8: ""),
                key: SecretBytes(copying: [1]),
                nonce: [UInt8](repeating: 0, count: 12),
                additionalData: []
            )
        }
        #expect(throws: CryptographyError.self) {
            try AES256GCM.seal(
                SecretBytes(utf8: ""),
                key: SecretBytes(copying: Array(0..<32)),
                nonce: [],
                additionalData: []
            )
        }
    }
}
