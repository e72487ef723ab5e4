import Cryptography
import Testing

struct SigningKeyTests {
    private static let message = Array("the message that is signed".utf8)

    private func key(_ options: String) throws -> SigningKey {
        let openssl = try OpenSSLCommand()
        try openssl.run("genpkey \(options) -out key")
        return try SigningKey(pem: SecretBytes(copying: openssl.read("key")))
    }

    @Test(arguments: [
        (SignatureAlgorithm.es256, "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        (.es384, "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
        (.es512, "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"),
        (.rs256, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        (.ps256, "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        (.ed25519, "-algorithm ed25519"),
    ])
    func `what a key signs, its public half verifies`(algorithm: SignatureAlgorithm, options: String) throws {
        let key = try key(options)
        let signature = try key.signature(of: Self.message, algorithm)
        #expect(key.verificationKey.isValid(signature: signature, of: Self.message, algorithm))
        #expect(!key.verificationKey.isValid(signature: signature, of: Self.message + [0], algorithm))
        #expect(throws: CryptographyError.self) {
            try key.signature(of: Self.message, algorithm == .es256 ? .es384 : .es256)
        }
    }

    @Test
    func `what is no private key of ours is refused`() throws {
        let openssl = try OpenSSLCommand()
        try openssl.run("genpkey -algorithm ed25519 -out key")
        try openssl.run("pkey -in key -pubout -out public")
        try openssl.run("pkey -in key -aes256 -passout pass:secret -out sealed")
        try openssl.run("genpkey -algorithm X25519 -out exchange")
        try openssl.run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out short")
        for file in ["public", "sealed", "exchange", "short"] {
            let pem = SecretBytes(copying: try openssl.read(file))
            #expect(throws: CryptographyError.self, "\(file)") { try SigningKey(pem: pem) }
        }
        for text in [
            "", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", String(repeating: "x", count: 20_000),
        ] {
            #expect(throws: CryptographyError.self) { try SigningKey(pem: SecretBytes(utf8: text)) }
        }
    }
}
