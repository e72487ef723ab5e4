import Cryptography
import Testing

@testable import OpenIDConnect

/// SECURITY OI-18.
struct LogoutTokenTests {
    private let provider: ScriptedProvider
    private static let good = GoodClaims().with("nonce", nil).with("jti", "\"j1\"").with("sid", "\"s1\"")
        .with("events", "{\"http://schemas.openid.net/event/backchannel-logout\":{}}")

    init() throws { provider = try ScriptedProvider() }

    private func read(_ claims: GoodClaims, type: String = "\"logout+jwt\"") throws -> LogoutToken {
        let header = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\(type)}"
        return try LogoutToken(
            JSONWebToken(provider.token(header: header, claims: claims.text)),
            keys: provider.keySet().keys,
            settings: .example,
            now: GoodClaims.now + 5
        )
    }

    @Test
    func `a good token says whose sessions are over`() throws {
        let token = try read(Self.good)
        #expect(token.subject == "24400320" && token.sessionID == "s1" && token.tokenID == "j1")
        #expect(try read(Self.good.with("sub", nil)).subject == nil)
    }

    @Test(
        arguments: [
            ("events", nil, .eventMissing), ("events", "{}", .eventMissing), ("events", "[]", .eventMissing),
            ("events", "{\"http://schemas.openid.net/event/backchannel-logout\":true}", .eventMissing),
            ("nonce", "\"n\"", .nonceForbidden), ("jti", nil, .tokenIDMissing), ("jti", "\"\"", .tokenIDMissing),
            ("exp", nil, .expiryMissing), ("exp", "1799999000", .expired), ("exp", "1800009000", .claimsMalformed),
            ("iat", "1799990000", .issueTimeWrong), ("aud", "\"other\"", .audienceWrong),
            ("iss", "\"x\"", .issuerWrong),
            ("sub", "1", .subjectWrong), ("sid", "\"\"", .subjectWrong),
        ] as [(String, String?, OpenIDError.Code)]
    )
    func `a token that is bent is refused`(name: String, value: String?, code: OpenIDError.Code) {
        #expect(throws: OpenIDError(code)) { try read(Self.good.with(name, value)) }
    }

    @Test
    func `an ID token is no logout token`() throws {
        #expect(throws: OpenIDError(.tokenTypeWrong)) { try read(GoodClaims(), type: "\"JWT\"") }
        #expect(throws: OpenIDError(.eventMissing)) { try read(GoodClaims().with("nonce", nil)) }
        #expect(throws: OpenIDError(.sessionMissing)) { try read(Self.good.with("sub", nil).with("sid", nil)) }
    }
}
