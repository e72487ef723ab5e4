package import Cryptography

/// What an ID token must fit.
package struct IDTokenExpectation: Sendable {
    package let settings: ProviderSettings
    package let nonce: String
    /// When the sign-in began, in seconds.
    package let begunAt: Int64
    package let now: Int64
    package let code: SecretBytes
    package let accessToken: SecretBytes?
    /// Whether the person was asked to sign in at the provider anew.
    package let demandsFreshAuthentication: Bool

    package init(
        settings: ProviderSettings,
        nonce: String,
        begunAt: Int64,
        now: Int64,
        code: SecretBytes,
        accessToken: SecretBytes?,
        demandsFreshAuthentication: Bool = false
    ) {
        self.settings = settings
        self.nonce = nonce
        self.begunAt = begunAt
        self.now = now
        self.code = code
        self.accessToken = accessToken
        self.demandsFreshAuthentication = demandsFreshAuthentication
    }
}

/// The rules for tokens of a provider, one after another (OpenID Connect Core 1.0 section 3.1.3.7; SECURITY OI-06, OI-07).
package enum IDTokenRules {
    /// How far two clocks may be apart, in seconds.
    static let skew: Int64 = 60

    /// Checks an ID token with keys that it may be signed with.
    package static func check(
        _ token: JSONWebToken,
        keys: [JSONWebKey],
        _ expectation: IDTokenExpectation
    ) throws(OpenIDError) {
        let settings = expectation.settings
        guard token.type.map(isPlainType) ?? true else { throw OpenIDError(.tokenTypeWrong) }
        try checkSignature(token, keys: keys, settings)
        try checkParties(token.claims, settings)
        try checkTimes(token.claims, from: expectation.begunAt, at: expectation.now)
        guard let nonce = token.claims.string("nonce"),
            ConstantTime.areEqual(Array(nonce.utf8), Array(expectation.nonce.utf8))
        else { throw OpenIDError(.nonceWrong) }
        _ = try subject(of: token.claims)
        try checkHash("c_hash", of: expectation.code, token)
        if let accessToken = expectation.accessToken { try checkHash("at_hash", of: accessToken, token) }
        guard expectation.demandsFreshAuthentication else { return }
        guard let time = token.claims.time("auth_time"), time >= expectation.begunAt - skew,
            time <= expectation.now + skew
        else { throw OpenIDError(.authenticationTooOld) }
    }

    /// The algorithm is one of the settings, and the signature is one of the keys'.
    static func checkSignature(
        _ token: JSONWebToken,
        keys: [JSONWebKey],
        _ settings: ProviderSettings
    ) throws(OpenIDError) {
        guard settings.algorithms.contains(token.algorithm) else { throw OpenIDError(.algorithmRefused) }
        // Several keys of one identifier are unusual; many would be work for nothing.
        let fitting = JSONWebKeySet(keys: keys).candidates(for: token).prefix(4)
        guard !fitting.isEmpty else { throw OpenIDError(.keyUnknown) }
        guard fitting.contains(where: { token.isSigned(by: $0.key) }) else { throw OpenIDError(.signatureWrong) }
    }

    /// Issuer, audience and authorized party.
    static func checkParties(_ claims: ClaimSet, _ settings: ProviderSettings) throws(OpenIDError) {
        guard IssuerRule(settings: settings).admits(claims) else { throw OpenIDError(.issuerWrong) }
        let audiences = claims.string("aud").map { [$0] } ?? claims.strings("aud") ?? []
        guard audiences.contains(where: { $0.utf8.elementsEqual(settings.clientID.utf8) }) else {
            throw OpenIDError(.audienceWrong)
        }
        let party = claims.string("azp")
        guard claims["azp"] == nil || party?.utf8.elementsEqual(settings.clientID.utf8) == true,
            audiences.count == 1 || party != nil
        else { throw OpenIDError(.partyWrong) }
    }

    /// Expiry, and what else there is of times.
    static func checkTimes(_ claims: ClaimSet, from begin: Int64, at now: Int64) throws(OpenIDError) {
        guard claims["exp"] != nil else { throw OpenIDError(.expiryMissing) }
        guard let expiry = claims.time("exp"), let issued = claims.time("iat") else {
            throw OpenIDError(.claimsMalformed)
        }
        guard expiry > now - skew else { throw OpenIDError(.expired) }
        guard issued >= begin - skew, issued <= now + skew else { throw OpenIDError(.issueTimeWrong) }
        guard claims["nbf"] != nil else { return }
        guard let start = claims.time("nbf") else { throw OpenIDError(.claimsMalformed) }
        guard start <= now + skew else { throw OpenIDError(.notYetValid) }
    }

    /// 1 to 255 visible ASCII characters.
    static func subject(of claims: ClaimSet) throws(OpenIDError) -> String {
        guard let subject = claims.string("sub"), isSubject(subject) else { throw OpenIDError(.subjectWrong) }
        return subject
    }

    static func isSubject(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func checkHash(_ name: String, of secret: SecretBytes, _ token: JSONWebToken) throws(OpenIDError) {
        guard token.claims[name] != nil else { return }
        guard let hash = token.claims.string(name).flatMap({ Base64URL.decode($0) }),
            ConstantTime.areEqual(hash, token.algorithm.halfHash(of: secret))
        else { throw OpenIDError(.hashWrong) }
    }

    /// `JWT`, in any case (RFC 7519 section 5.1); access and logout tokens say what they are.
    private static func isPlainType(_ type: String) -> Bool {
        type.utf8.count == 3 && type.uppercased() == "JWT"
    }
}
