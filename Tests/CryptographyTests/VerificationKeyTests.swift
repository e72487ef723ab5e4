import Cryptography
import Testing

struct VerificationKeyTests {
    private static let message = Array("the message that is signed".utf8)

    /// A key and a signature that OpenSSL's own command made.
    private func made(_ algorithm: SignatureAlgorithm) throws -> (key: VerificationKey, signature: [UInt8]) {
        let openssl = try OpenSSLCommand()
        try openssl.write(String(decoding: Self.message, as: UTF8.self), to: "message")
        let name = algorithm.rawValue
        let size = name == "rs1" ? "1" : String(name.suffix(3))
        let pss = name.hasPrefix("ps") ? "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest " : ""
        switch algorithm {
        case .ed25519, .ed448:
            try openssl.run("genpkey -algorithm \(name) -out key")
            try openssl.run("pkeyutl -sign -inkey key -rawin -in message -out signature")
        case .es256, .es384, .es512:
            let curve = name == "es512" ? "P-521" : "P-" + size
            try openssl.run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:\(curve) -out key")
            try openssl.run("dgst -sha\(size) -sign key -out signature message")
        default:
            try openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key")
            try openssl.run("dgst -sha\(size) \(pss)-sign key -out signature message")
        }
        try openssl.run("pkey -in key -pubout -outform DER -out public")
        return (try VerificationKey(subjectPublicKeyInfo: openssl.read("public")), try openssl.read("signature"))
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a signature fits its key, message and algorithm, and nothing else`(algorithm: SignatureAlgorithm) throws {
        let (key, signature) = try made(algorithm)
        #expect(key.isValid(signature: signature, of: Self.message, algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!key.isValid(signature: signature, of: Self.message, other), "as \(other)")
        }
        #expect(!key.isValid(signature: signature, of: Self.message + [0], algorithm))
        #expect(!key.isValid(signature: signature, of: [], algorithm))
        for place in stride(from: 0, to: signature.count, by: 7) {
            var bent = signature
            bent[place] ^= 1
            #expect(!key.isValid(signature: bent, of: Self.message, algorithm), "bit of byte \(place)")
        }
        for bent in [
            [], [0], signature + [0], Array(signature.dropLast()), [0] + signature,
            [UInt8](repeating: 0, count: 9000),
        ] as [[UInt8]] {
            #expect(!key.isValid(signature: bent, of: Self.message, algorithm))
        }
        #expect(!(try made(algorithm)).key.isValid(signature: signature, of: Self.message, algorithm))
    }

    @Test(arguments: [SignatureAlgorithm.es256, .es384, .es512, .rs256, .ed25519, .ed448])
    func `a key made of its numbers is the same key`(algorithm: SignatureAlgorithm) throws {
        let (key, _) = try made(algorithm)
        switch key.kind {
        case .ellipticCurve(let curve):
            let (x, y) = try #require(key.coordinates)
            #expect(try VerificationKey(curve: curve, x: x, y: y) == key)
        case .rsa(let bits):
            let (modulus, exponent) = try #require(key.rsaNumbers)
            #expect(bits == 2048 && exponent == [1, 0, 1])
            #expect(try VerificationKey(rsaModulus: [0] + modulus, exponent: exponent) == key)
        case .edwards(let curve):
            let bytes = Array(key.subjectPublicKeyInfo.suffix(curve == .ed25519 ? 32 : 57))
            #expect(try VerificationKey(edwards: curve, publicKey: bytes) == key)
        }
    }

    /// RFC 8032 section 7.1, test 1: the empty message.
    @Test func `the standard's Ed25519 signature fits`() throws {
        let key = try VerificationKey(
            edwards: .ed25519,
            publicKey: try #require(Hex.decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
        )
        let signature = try #require(
            Hex.decode(
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            )
        )
        #expect(key.isValid(signature: signature, of: [], .ed25519))
        #expect(!key.isValid(signature: signature, of: [0], .ed25519))
    }

    /// CVE-2022-21449 and what else is no DER of two numbers in range.
    @Test func `an ECDSA signature is DER of two numbers in range, in its one form`() throws {
        let (key, signature) = try made(.es256)
        // 30 len 02 lenR r 02 lenS s
        let rCount = Int(signature[3])
        let r = Array(signature[4..<4 + rCount])
        let s = Array(signature[(6 + rCount)...])
        func encoded(_ r: [UInt8], _ s: [UInt8]) -> [UInt8] {
            [0x30, UInt8(r.count + s.count + 4), 2, UInt8(r.count)] + r + [2, UInt8(s.count)] + s
        }
        func fixed(_ number: [UInt8]) -> [UInt8] {
            let digits = Array(number.drop { $0 == 0 })
            return [UInt8](repeating: 0, count: 32 - digits.count) + digits
        }
        let order = try #require(Hex.decode("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"))
        #expect(key.isValid(signature: encoded(r, s), of: Self.message, .es256))
        for bent in [
            encoded([0], [0]), encoded(r, [0]), encoded([0], s), encoded(order, s), encoded(r, order),
            encoded([0] + r, s), encoded(r, [0] + s), fixed(r) + fixed(s), [0x30, 0x81] + signature.dropFirst(),
            [0x30, 0x80] + signature.dropFirst(2) + [0, 0],
        ] as [[UInt8]] {
            #expect(!key.isValid(signature: bent, of: Self.message, .es256))
        }
    }

    @Test func `points that are not on the curve and numbers of another size are no key`() throws {
        let (x, y) = try #require(made(.es256).key.coordinates)
        var off = y
        off[31] ^= 1
        for (x, y) in [
            (x, off), ([0] + x, y), (Array(x.dropFirst()), y), ([], []), (x, []),
            ([UInt8](repeating: 0xFF, count: 32), y),
        ] {
            #expect(throws: CryptographyError.self) { try VerificationKey(curve: .p256, x: x, y: y) }
        }
        #expect(throws: CryptographyError.self) { try VerificationKey(curve: .p384, x: x, y: y) }
        #expect(throws: CryptographyError.self) { try VerificationKey(edwards: .ed25519, publicKey: x + [0]) }
        #expect(throws: CryptographyError.self) { try VerificationKey(edwards: .ed448, publicKey: x) }
    }

    @Test(
        arguments: [
            (128, [1, 0, 1]), (2048, [1, 0, 1]), (255, [1, 0, 1]), (256, [1]), (256, [2]), (256, [0]), (256, []),
            (256, [1, 0, 0, 0, 1]), (256, [1, 0, 0]),
        ] as [(Int, [UInt8])]
    )
    func `RSA keys too short, too long or with a foolish exponent are none`(byteCount: Int, exponent: [UInt8]) {
        var modulus = [UInt8](repeating: 0xA7, count: byteCount)
        if byteCount == 255 { modulus[0] = 0x7F }
        #expect(throws: CryptographyError.self) { try VerificationKey(rsaModulus: modulus, exponent: exponent) }
    }

    @Test(arguments: [
        "ecparam -name prime256v1 -param_enc explicit -genkey -noout -out key",
        "ecparam -name secp256k1 -genkey -noout -out key", "ecparam -name brainpoolP256r1 -genkey -noout -out key",
        "ecparam -name sect233r1 -genkey -noout -out key", "genpkey -algorithm X25519 -out key",
        "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out key",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key",
    ])
    func `keys of other kinds are refused`(command: String) throws {
        let openssl = try OpenSSLCommand()
        try openssl.run(command)
        try openssl.run("pkey -in key -pubout -outform DER -out public")
        let info = try openssl.read("public")
        #expect(throws: CryptographyError.self) { try VerificationKey(subjectPublicKeyInfo: info) }
    }

    @Test func `a compressed point and a cut or padded key are refused`() throws {
        let openssl = try OpenSSLCommand()
        try openssl.run("ecparam -name prime256v1 -genkey -noout -out key")
        try openssl.run("ec -in key -pubout -conv_form compressed -outform DER -out compressed")
        try openssl.run("pkey -in key -pubout -outform DER -out public")
        let info = try openssl.read("public")
        let bent: [[UInt8]] = [
            try openssl.read("compressed"), info + [0], Array(info.dropLast()), [], [0x30], [0x30, 0x82, 0xFF, 0xFF],
        ]
        for info in bent {
            #expect(throws: CryptographyError.self) { try VerificationKey(subjectPublicKeyInfo: info) }
        }
        for place in info.indices {
            var bent = info
            bent[place] ^= 0x55
            #expect((try? VerificationKey(subjectPublicKeyInfo: bent)) == nil, "byte \(place)")
        }
    }
}
