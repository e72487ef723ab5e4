package import Cryptography
package import OutboundHTTP

/// What we prove who we are with.
package enum ClientCredential: Sendable {
    case secret(SecretBytes)
    case key(SigningKey)
}

/// The exchange of a code for tokens (RFC 6749 section 4.1.3).
package struct TokenRequest: Sendable {
    package let code: SecretBytes
    package let verifier: SecretBytes
    package let redirectURI: String

    package init(code: SecretBytes, verifier: SecretBytes, redirectURI: String) {
        self.code = code
        self.verifier = verifier
        self.redirectURI = redirectURI
    }

    /// The request, with our credentials in it in the way of the settings.
    package func request(
        _ settings: ProviderSettings,
        to endpoint: OutboundURL,
        credential: ClientCredential,
        now: Int64,
        random: any RandomSource
    ) throws(OpenIDError) -> OutboundRequest {
        var fields: [(name: String, value: [UInt8])] = [
            ("grant_type", Array("authorization_code".utf8)), ("code", code.withBytes { Array($0) }),
            ("redirect_uri", Array(redirectURI.utf8)), ("code_verifier", verifier.withBytes { Array($0) }),
        ]
        var request = OutboundRequest(.post, endpoint)
        request.add("Content-Type", "application/x-www-form-urlencoded")
        request.add("Accept", "application/json")
        switch (settings.authentication, credential) {
        case (.secretBasic, .secret(let secret)):
            request.headers.append(("Authorization", Self.basic(settings.clientID, secret)))
        case (.secretPost, .secret(let secret)):
            fields.append(("client_id", Array(settings.clientID.utf8)))
            fields.append(("client_secret", secret.withBytes { Array($0) }))
        case (.privateKey, .key(let key)):
            // The token endpoint is the audience that every provider takes.
            let assertion = try ClientAssertion.make(
                settings,
                audience: endpoint.description,
                key: key,
                now: now,
                random: random
            )
            fields.append(("client_id", Array(settings.clientID.utf8)))
            fields.append(("client_assertion_type", Array(Self.assertionType.utf8)))
            fields.append(("client_assertion", assertion.withBytes { Array($0) }))
        case (.signedSecret, .key(let key)):
            let secret = try ClientAssertion.make(
                settings,
                audience: settings.issuer,
                key: key,
                now: now,
                random: random
            )
            fields.append(("client_id", Array(settings.clientID.utf8)))
            fields.append(("client_secret", secret.withBytes { Array($0) }))
        default: throw OpenIDError(.clientKeyUnfit)
        }
        request.body = SecretBytes(copying: FormEncoding.bytes(fields))
        return request
    }

    private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// Both parts are encoded as form values first (RFC 6749 section 2.3.1).
    private static func basic(_ clientID: String, _ secret: SecretBytes) -> SecretBytes {
        let pair =
            FormEncoding.escaped(Array(clientID.utf8)) + [UInt8(ascii: ":")]
            + FormEncoding.escaped(secret.withBytes { Array($0) })
        return SecretBytes(copying: Array("Basic ".utf8) + Self.base64(pair))
    }

    /// Base64 with padding (RFC 4648 section 4).
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let text = Base64URL.encodedBytes(bytes).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        return text + [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
    }
}

/// What the token endpoint answered (RFC 6749 section 5.1).
package struct TokenResponse: Sendable {
    package let accessToken: SecretBytes
    package let idToken: SecretBytes?

    /// - Throws: `.tokenRefused` for an error, `.tokenAnswerMalformed` for what is no answer.
    package init(_ response: OutboundResponse) throws(OpenIDError) {
        guard response.status == 200 else {
            throw response.status >= 500
                ? OpenIDError(.badStatus, status: response.status) : OpenIDError(.tokenRefused, status: response.status)
        }
        guard let members = ClaimSet(json: response.body) else { throw OpenIDError(.tokenAnswerMalformed) }
        guard members["error"] == nil else { throw OpenIDError(.tokenRefused) }
        guard let access = members.string("access_token"), (1...16_384).contains(access.utf8.count),
            access.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            members.string("token_type")?.lowercased() == "bearer",
            members["id_token"] == nil || members.string("id_token") != nil
        else { throw OpenIDError(.tokenAnswerMalformed) }
        accessToken = SecretBytes(utf8: access)
        idToken = members.string("id_token").map { SecretBytes(utf8: $0) }
    }
}
