import Cryptography
import JSON
import Testing

@testable import OpenIDConnect

/// SECURITY OI-03, OI-06, OI-07: one bent token for each rule.
struct IDTokenRulesTests {
    private let provider: ScriptedProvider

    init() throws { provider = try ScriptedProvider() }

    private func expectation(
        _ settings: ProviderSettings = .example,
        accessToken: String? = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
        isFresh: Bool = false
    ) -> IDTokenExpectation {
        IDTokenExpectation(
            settings: settings,
            nonce: "n-0S6_WzA2Mj",
            begunAt: GoodClaims.now - 30,
            now: GoodClaims.now + 5,
            code: SecretBytes(utf8: "code"),
            accessToken: accessToken.map { SecretBytes(utf8: $0) },
            demandsFreshAuthentication: isFresh
        )
    }

    private func refusal(
        _ token: SecretBytes,
        _ expectation: IDTokenExpectation? = nil,
        keys: JSONWebKeySet? = nil
    ) throws -> OpenIDError.Code? {
        let keys = try keys ?? provider.keySet()
        do {
            try IDTokenRules.check(JSONWebToken(token), keys: keys.keys, expectation ?? self.expectation())
            return nil
        } catch {
            return error.code
        }
    }

    private func refusal(
        _ claims: GoodClaims,
        header: String = "{\"alg\":\"ES256\",\"kid\":\"k1\"}",
        _ expectation: IDTokenExpectation? = nil
    ) throws -> OpenIDError.Code? {
        try refusal(provider.token(header: header, claims: claims.text), expectation)
    }

    @Test
    func `a good token is taken`() throws {
        #expect(try refusal(GoodClaims()) == nil)
        #expect(try refusal(GoodClaims().with("aud", "[\"client\"]")) == nil)
        #expect(try refusal(GoodClaims().with("azp", "\"client\"")) == nil)
        #expect(try refusal(GoodClaims().with("aud", "[\"other\",\"client\"]").with("azp", "\"client\"")) == nil)
        #expect(try refusal(GoodClaims().with("nbf", "1800000060").with("exp", "1800000300.5")) == nil)
        #expect(try refusal(GoodClaims(), header: "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"jwt\"}") == nil)
        #expect(try refusal(GoodClaims(), header: "{\"alg\":\"ES256\"}") == nil)
    }

    @Test(
        arguments: [
            ("iss", nil, .issuerWrong), ("iss", "\"https://id.example/\"", .issuerWrong), ("iss", "[]", .issuerWrong),
            ("iss", "\"https://evil.example\"", .issuerWrong),
            ("aud", nil, .audienceWrong), ("aud", "[]", .audienceWrong), ("aud", "\"other\"", .audienceWrong),
            ("aud", "{\"client\":1}", .audienceWrong), ("aud", "[\"client\",1]", .audienceWrong),
            ("aud", "true", .audienceWrong),
            ("aud", "[\"client\",\"other\"]", .partyWrong), ("azp", "\"other\"", .partyWrong),
            ("azp", "1", .partyWrong),
            ("exp", nil, .expiryMissing), ("exp", "1799999900", .expired), ("exp", "\"1800000300\"", .claimsMalformed),
            ("exp", "-1", .claimsMalformed), ("exp", "1e400", .claimsMalformed), ("exp", "18e8", .claimsMalformed),
            ("exp", "99999999999999999999", .claimsMalformed), ("exp", "null", .claimsMalformed),
            ("iat", nil, .claimsMalformed), ("iat", "1799999900", .issueTimeWrong),
            ("iat", "1800000066", .issueTimeWrong),
            ("nbf", "1800000066", .notYetValid), ("nbf", "\"1\"", .claimsMalformed),
            ("nonce", nil, .nonceWrong), ("nonce", "\"other\"", .nonceWrong), ("nonce", "1", .nonceWrong),
            ("sub", nil, .subjectWrong), ("sub", "\"\"", .subjectWrong), ("sub", "0", .subjectWrong),
            ("sub", "\"ü\"", .subjectWrong), ("sub", "\"a b\"", .subjectWrong),
            ("sub", "\"" + String(repeating: "a", count: 256) + "\"", .subjectWrong),
            ("c_hash", "\"AAAAAAAAAAAAAAAAAAAAAA\"", .hashWrong), ("at_hash", "\"AAAAAAAAAAAAAAAAAAAAAA\"", .hashWrong),
            ("at_hash", "1", .hashWrong), ("at_hash", "\"\"", .hashWrong),
        ] as [(String, String?, OpenIDError.Code)]
    )
    func `a claim that is bent is refused by its own rule`(
        name: String,
        value: String?,
        code: OpenIDError.Code
    ) throws {
        #expect(try refusal(GoodClaims().with(name, value)) == code)
    }

    /// OpenID Connect Core 1.0 appendix A.3 has this pair for SHA-256.
    @Test
    func `hashes of code and access token are those of the standard`() throws {
        let claims = GoodClaims().with("at_hash", "\"77QmUPtjPfzWtF2AnpK9RQ\"")
        #expect(try refusal(claims) == nil)
        #expect(try refusal(claims, expectation(accessToken: "other")) == .hashWrong)
    }

    @Test
    func `a claim that is there twice is no claim`() throws {
        let text = GoodClaims().text.dropLast() + ",\"aud\":\"client\"}"
        #expect(try refusal(provider.token(claims: String(text))) == .claimsMalformed)
    }

    @Test
    func `a fresh sign-in that was asked for must be told`() throws {
        let fresh = expectation(isFresh: true)
        #expect(try refusal(GoodClaims(), fresh) == .authenticationTooOld)
        #expect(try refusal(GoodClaims().with("auth_time", "1799999000"), fresh) == .authenticationTooOld)
        #expect(try refusal(GoodClaims().with("auth_time", "1800000000"), fresh) == nil)
    }

    @Test(
        arguments: [
            ("{\"alg\":\"none\"}", .algorithmRefused), ("{\"alg\":\"None\"}", .algorithmRefused),
            ("{\"alg\":\"nOnE\"}", .algorithmRefused), ("{\"alg\":\"HS256\",\"kid\":\"k1\"}", .algorithmRefused),
            ("{\"alg\":[\"ES256\"]}", .algorithmRefused), ("{}", .algorithmRefused), ("[]", .tokenMalformed),
            ("{\"alg\":\"RS256\",\"kid\":\"k1\"}", .keyUnknown),
            ("{\"alg\":\"ES384\",\"kid\":\"k1\"}", .algorithmRefused),
            ("{\"alg\":\"ES256\",\"alg\":\"ES256\"}", .tokenMalformed),
            ("{\"alg\":\"ES256\",\"kid\":1}", .tokenMalformed),
            ("{\"alg\":\"ES256\",\"kid\":\"k2\"}", .keyUnknown), ("{\"alg\":\"ES256\",\"kid\":\"../k1\"}", .keyUnknown),
            ("{\"alg\":\"ES256\",\"kid\":\"k1' OR 1=1 --\"}", .keyUnknown),
            ("{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"exp\"],\"exp\":1}", .tokenCritical),
            ("{\"alg\":\"ES256\",\"kid\":\"k1\",\"b64\":false}", .tokenCritical),
            ("{\"alg\":\"ES256\",\"kid\":\"k1\",\"zip\":\"DEF\"}", .tokenCritical),
            ("{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", .tokenTypeWrong),
            ("{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"logout+jwt\"}", .tokenTypeWrong),
        ] as [(String, OpenIDError.Code)]
    )
    func `a header that is bent is refused`(header: String, code: OpenIDError.Code) throws {
        #expect(try refusal(GoodClaims(), header: header) == code)
    }

    @Test
    func `a key that the token brings along is nobody's`() throws {
        let other = try ScriptedProvider()
        for name in ["jwk", "x5c", "jku", "x5u"] {
            let value = name == "jwk" ? try other.jwk() : "\"https://evil.example/keys\""
            let token = try other.token(
                header: "{\"alg\":\"ES256\",\"kid\":\"k1\",\"\(name)\":\(value)}",
                claims: GoodClaims().text
            )
            #expect(try refusal(token) == .signatureWrong, "\(name)")
        }
    }

    /// The text of a public key is no shared secret (RFC 8725 section 2.1).
    @Test
    func `a token keyed with the public key's own text is refused`() throws {
        let signed =
            Base64URL.encode(Array("{\"alg\":\"HS256\",\"kid\":\"k1\"}".utf8)) + "."
            + Base64URL.encode(Array(GoodClaims().text.utf8))
        for secret in [Array(try provider.jwk().utf8), provider.key.verificationKey.subjectPublicKeyInfo] {
            let mac = HMAC<SHA256>.code(for: Array(signed.utf8), key: SecretBytes(copying: secret))
            let token = SecretBytes(utf8: signed + "." + Base64URL.encode(mac))
            #expect(try refusal(token) == .algorithmRefused)
        }
    }

    @Test
    func `a bent signature, and numbers that are zero, are refused`() throws {
        let token = try #require(try provider.token(claims: GoodClaims().text).validatedUTF8String())
        let start = token.split(separator: ".").dropLast().joined(separator: ".")
        var signature = try #require(Base64URL.decode(String(token.split(separator: ".")[2])))
        signature[5] ^= 1
        let zero = [UInt8](repeating: 0, count: 64)
        for bent in [signature, zero, [], Array(signature.dropLast()), signature + [0], zero + zero] {
            #expect(try refusal(SecretBytes(utf8: start + "." + Base64URL.encode(bent))) == .signatureWrong)
        }
    }

    @Test(arguments: [
        "", "a", "a.b", "a.b.c.d.e", "..", "{\"payload\":\"x\",\"signatures\":[]}", "eyJhbGciOiJFUzI1NiJ9..",
        "eyJhbGciOiJFUzI1NiJ9=.e30=.AA==", " eyJhbGciOiJFUzI1NiJ9.e30.AA", "eyJhbGciOiJFUzI1NiJ9.e30.AB",
    ])
    func `what is no compact token is refused`(text: String) throws {
        let code = try refusal(SecretBytes(utf8: text))
        #expect(code == .tokenMalformed || code == .claimsMalformed, "\(String(describing: code))")
    }

    @Test
    func `a token larger than any provider makes is refused unread`() throws {
        let claims = GoodClaims().with("x", "\"" + String(repeating: "a", count: 30_000) + "\"")
        #expect(try refusal(claims) == .tokenMalformed)
    }

    @Test
    func `of tenants only their own issuer is taken`() throws {
        var settings = ProviderSettings.example
        settings.issuer = "https://id.example/{tenantid}/v2.0"
        let tenant = "9188040d-6c67-4c5b-b112-36a304b66dad"
        let good = GoodClaims().with("iss", "\"https://id.example/\(tenant)/v2.0\"").with("tid", "\"\(tenant)\"")
        #expect(try refusal(good, expectation(settings)) == nil)
        #expect(try refusal(good.with("tid", nil), expectation(settings)) == .issuerWrong)
        #expect(try refusal(good.with("tid", "\"common\""), expectation(settings)) == .issuerWrong)
        let other = good.with("tid", "\"00000000-0000-0000-0000-000000000000\"")
        #expect(try refusal(other, expectation(settings)) == .issuerWrong)
        let bent = good.with("iss", "\"https://id.example/{tenantid}/v2.0\"")
        #expect(try refusal(bent, expectation(settings)) == .issuerWrong)
        settings.tenants = ["00000000-0000-0000-0000-000000000000"]
        #expect(try refusal(good, expectation(settings)) == .issuerWrong)
    }
}
