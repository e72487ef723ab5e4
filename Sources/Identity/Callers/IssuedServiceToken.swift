package import Cryptography

/// A token just made, with the secret that is shown once.
package struct IssuedServiceToken: Sendable {
    package let token: ServiceToken
    /// `ght_` and 49 characters.
    package let secret: SecretBytes
}

/// Coded only into the sealed answer of an idempotent call.
extension IssuedServiceToken: Codable {
    private enum CodingKeys: String, CodingKey {
        case token, secret
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        token = try container.decode(ServiceToken.self, forKey: .token)
        secret = SecretBytes(utf8: try container.decode(String.self, forKey: .secret))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(token, forKey: .token)
        try container.encode(secret.validatedUTF8String() ?? "", forKey: .secret)
    }
}
