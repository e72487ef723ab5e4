import Cryptography
import Testing

/// The key derivations under the imported formats: RFC 7914, RFC 6070.
struct PasswordHashingDerivationTests {
    @Test func `scrypt gives the keys of RFC 7914 section 12`() throws {
        let vectors: [(String, String, Scrypt.Parameters, String)] = [
            (
                "", "", try Scrypt.Parameters(logarithm: 4, blockSize: 1, parallelism: 1),
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            (
                "password", "NaCl", try Scrypt.Parameters(logarithm: 10, blockSize: 8, parallelism: 16),
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            (
                "pleaseletmein", "SodiumChloride",
                try Scrypt.Parameters(logarithm: 14, blockSize: 8, parallelism: 1),
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ]
        for (password, salt, parameters, key) in vectors {
            let computed = try Scrypt.derive(
                password: SecretBytes(utf8: password),
                salt: Array(salt.utf8),
                parameters: parameters,
                count: 64
            )
            #expect(Hex.encode(computed) == key)
        }
    }

    @Test(
        arguments: [
            (20, 8, 1), (30, 8, 1), (0, 8, 1), (14, 0, 1), (14, 8, 0), (14, 33, 1), (14, 8, 17), (17, 16, 16),
            (16, 1, 1),
        ] as [(UInt32, UInt32, UInt32)]
    )
    func `scrypt takes no cost out of bounds`(logarithm: UInt32, blockSize: UInt32, parallelism: UInt32) {
        #expect(throws: PasswordRecordError.outOfBounds) {
            try Scrypt.Parameters(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
        }
    }

    @Test(arguments: [
        PBKDF2Vector("password", "salt", .sha1, 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        PBKDF2Vector("password", "salt", .sha1, 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        PBKDF2Vector("password", "salt", .sha1, 4096, "4b007901b765489abead49d926f721d065a429c1"),
        PBKDF2Vector("pass\0word", "sa\0lt", .sha1, 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
        PBKDF2Vector(
            "passwd",
            "salt",
            .sha256,
            1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        ),
        PBKDF2Vector(
            "Password",
            "NaCl",
            .sha256,
            80_000,
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
        ),
    ])
    func `PBKDF2 gives the keys of RFC 6070 and RFC 7914`(vector: PBKDF2Vector) throws {
        let computed = try PBKDF2.derive(
            password: SecretBytes(utf8: vector.password),
            salt: Array(vector.salt.utf8),
            hash: vector.hash,
            iterations: vector.iterations,
            count: vector.key.utf8.count / 2
        )
        #expect(Hex.encode(computed) == vector.key)
    }
}

/// One derivation, with the key in hexadecimal.
struct PBKDF2Vector: Sendable {
    let password: String
    let salt: String
    let hash: DigestAlgorithm
    let iterations: UInt32
    let key: String

    init(_ password: String, _ salt: String, _ hash: DigestAlgorithm, _ iterations: UInt32, _ key: String) {
        self.password = password
        self.salt = salt
        self.hash = hash
        self.iterations = iterations
        self.key = key
    }
}
