internal import Cryptography
internal import JSON

/// A JWT by which we prove who we are: `private_key_jwt` (RFC 7523), or Apple's client secret.
enum ClientAssertion {
    /// Seconds that one is good for; made anew for every use.
    private static let lifetime: Int64 = 120

    static func make(
        _ settings: ProviderSettings,
        audience: String,
        key: SigningKey,
        now: Int64,
        random: any RandomSource
    ) throws(OpenIDError) -> SecretBytes {
        guard let algorithm = JWTAlgorithm(for: key) else { throw OpenIDError(.clientKeyUnfit) }
        var header: [JSONValue.Member] = [
            .init(name: "alg", value: .string(algorithm.rawValue)), .init(name: "typ", value: .string("JWT")),
        ]
        if !settings.keyID.isEmpty { header.append(.init(name: "kid", value: .string(settings.keyID))) }
        let issuer = settings.authentication == .signedSecret ? settings.keyOwner : settings.clientID
        let claims: [JSONValue.Member] = [
            .init(name: "iss", value: .string(issuer)), .init(name: "sub", value: .string(settings.clientID)),
            .init(name: "aud", value: .string(audience)),
            .init(name: "jti", value: .string(Base64URL.encode(random.bytes(16)))),
            .init(name: "iat", value: .number("\(now)")), .init(name: "exp", value: .number("\(now + lifetime)")),
        ]
        let parts = [JSONValue.object(header), .object(claims)].map { Base64URL.encodedBytes(Array($0.text.utf8)) }
        let signed = parts[0] + [UInt8(ascii: ".")] + parts[1]
        guard let signature = algorithm.signature(of: signed, key) else { throw OpenIDError(.clientKeyUnfit) }
        return SecretBytes(copying: signed + [UInt8(ascii: ".")] + Base64URL.encodedBytes(signature))
    }
}

extension JWTAlgorithm {
    /// What a key of ours signs with.
    fileprivate init?(for key: SigningKey) {
        switch key.kind {
        case .ellipticCurve(.p256): self = .es256
        case .ellipticCurve(.p384): self = .es384
        case .ellipticCurve(.p521): self = .es512
        case .rsa: self = .rs256
        case .edwards(.ed25519): self = .eddsa
        case .edwards(.ed448): return nil
        }
    }

    fileprivate func signature(of bytes: [UInt8], _ key: SigningKey) -> [UInt8]? {
        guard let signature = try? key.signature(of: bytes, signatureAlgorithm) else { return nil }
        guard let coordinateCount else { return signature }
        return ECDSASignature.numbers(ofDER: signature, coordinateCount: coordinateCount)
    }
}
