import Cryptography
import Foundation
import JSON
import OutboundHTTP
import Testing

@testable import OpenIDConnect

struct RequestTests {
    private let endpoint = OutboundURL("https://id.example/authorize?tenant=a")

    @Test
    func `the browser is sent with all that binds the answer`() throws {
        var settings = ProviderSettings.example
        settings.strongContexts = ["phr", "phrh"]
        settings.responseMode = .formPost
        let request = AuthorizationRequest(
            state: "s&t",
            nonce: "n",
            challenge: "c",
            redirectURI: "https://site.example/cb",
            demandsFreshAuthentication: true
        )
        let url = request.url(settings, at: try #require(endpoint))
        let components = try #require(URLComponents(string: url))
        let items = Dictionary((components.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { _, _ in "twice" }
        #expect(
            items == [
                "tenant": "a", "response_type": "code", "client_id": "client",
                "redirect_uri": "https://site.example/cb",
                "state": "s&t", "nonce": "n", "code_challenge": "c", "code_challenge_method": "S256",
                "scope": "openid email profile", "response_mode": "form_post", "acr_values": "phr phrh",
                "prompt": "login", "max_age": "0",
            ]
        )
    }

    private func request(
        _ authentication: ProviderSettings.ClientAuthentication,
        _ credential: ClientCredential,
        _ change: (inout ProviderSettings) -> Void = { _ in }
    ) throws -> (fields: [String: String], request: OutboundRequest) {
        var settings = ProviderSettings.example
        settings.authentication = authentication
        settings.clientID = "cli:ent"
        change(&settings)
        let made = try TokenRequest(
            code: SecretBytes(utf8: "co+de"),
            verifier: SecretBytes(utf8: "verifier"),
            redirectURI: "https://site.example/cb"
        ).request(
            settings,
            to: try #require(OutboundURL("https://id.example/token")),
            credential: credential,
            now: GoodClaims.now,
            random: SystemRandom()
        )
        let body = try #require(made.body?.validatedUTF8String())
        let items = try #require(URLComponents(string: "?" + body)?.queryItems)
        return (Dictionary(items.map { ($0.name, $0.value ?? "") }) { _, _ in "twice" }, made)
    }

    @Test
    func `a secret goes into the header, encoded as forms are`() throws {
        let (fields, made) = try request(.secretBasic, .secret(SecretBytes(utf8: "p@ss word")))
        #expect(
            fields == [
                "grant_type": "authorization_code", "code": "co+de", "redirect_uri": "https://site.example/cb",
                "code_verifier": "verifier",
            ]
        )
        let header = try #require(made.headers.first { $0.name == "Authorization" }?.value.validatedUTF8String())
        let pair = try #require(Data(base64Encoded: String(header.dropFirst(6))))
        #expect(header.hasPrefix("Basic ") && String(decoding: pair, as: UTF8.self) == "cli%3Aent:p%40ss%20word")
    }

    @Test
    func `a secret goes into the form where the settings say so`() throws {
        let (fields, made) = try request(.secretPost, .secret(SecretBytes(utf8: "s")))
        #expect(fields["client_id"] == "cli:ent" && fields["client_secret"] == "s")
        #expect(!made.headers.contains { $0.name == "Authorization" })
    }

    @Test(arguments: [
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", JWTAlgorithm.es256),
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", .rs256), ("-algorithm ed25519", .eddsa),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", .es512),
    ])
    func `a key of ours signs who we are`(options: String, algorithm: JWTAlgorithm) throws {
        let key = try ScriptedProvider.key(options)
        let (fields, _) = try request(.privateKey, .key(key)) { $0.keyID = "ours" }
        #expect(fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        let token = try JSONWebToken(SecretBytes(utf8: try #require(fields["client_assertion"])))
        #expect(token.algorithm == algorithm && token.keyID == "ours" && token.isSigned(by: key.verificationKey))
        #expect(token.claims.string("iss") == "cli:ent" && token.claims.string("sub") == "cli:ent")
        #expect(token.claims.string("aud") == "https://id.example/token" && token.claims.string("jti") != nil)
        #expect(token.claims["exp"] == .number("\(GoodClaims.now + 120)"))
    }

    @Test
    func `Apple's client secret is signed by its team`() throws {
        let key = try ScriptedProvider.key("-algorithm EC -pkeyopt ec_paramgen_curve:P-256")
        let (fields, _) = try request(.signedSecret, .key(key)) { ($0.keyID, $0.keyOwner) = ("K", "TEAM") }
        let token = try JSONWebToken(SecretBytes(utf8: try #require(fields["client_secret"])))
        #expect(token.isSigned(by: key.verificationKey) && token.claims.string("iss") == "TEAM")
        #expect(token.claims.string("aud") == "https://id.example" && token.keyID == "K")
    }

    @Test
    func `a credential of the wrong kind is none`() throws {
        #expect(throws: OpenIDError(.clientKeyUnfit)) { try request(.privateKey, .secret(SecretBytes(utf8: "s"))) }
        let key = try ScriptedProvider.key("-algorithm ed25519")
        #expect(throws: OpenIDError(.clientKeyUnfit)) { try request(.secretBasic, .key(key)) }
    }

    @Test(
        arguments: [
            ("{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"t\"}", 200, nil),
            ("{\"access_token\":\"a\",\"token_type\":\"bearer\"}", 200, nil),
            ("{\"error\":\"bad_verification_code\"}", 200, .tokenRefused),
            ("{\"error\":\"invalid_grant\"}", 400, .tokenRefused),
            ("oops", 502, .badStatus), ("access_token=a&token_type=bearer", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"a\"}", 200, .tokenAnswerMalformed), ("[]", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"\",\"token_type\":\"bearer\"}", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"a\\nb\",\"token_type\":\"bearer\"}", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"a\",\"token_type\":\"mac\"}", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"a\",\"token_type\":\"bearer\",\"id_token\":1}", 200, .tokenAnswerMalformed),
            ("{\"access_token\":\"a\",\"access_token\":\"b\",\"token_type\":\"bearer\"}", 200, .tokenAnswerMalformed),
        ] as [(String, Int, OpenIDError.Code?)]
    )
    func `an answer of the token endpoint is read strictly`(text: String, status: Int, code: OpenIDError.Code?) {
        do {
            _ = try TokenResponse(OutboundResponse(status: status, body: Array(text.utf8)))
            #expect(code == nil)
        } catch { #expect(error.code == code) }
    }

    @Test
    func `what a browser brings back has a state, and either a code or an error`() {
        func read(_ fields: [String: String]) -> CallbackParameters? { CallbackParameters { fields[$0] } }
        #expect(read(["state": "s", "code": "c"])?.code != nil)
        #expect(read(["state": "s", "error": "access_denied"])?.error == "access_denied")
        for fields in [
            [:], ["code": "c"], ["state": "s"], ["state": "s", "code": ""], ["state": "s", "code": "c", "error": "e"],
            ["state": "", "code": "c"], ["state": "s", "code": String(repeating: "c", count: 4097)],
        ] {
            #expect(read(fields) == nil, "\(fields)")
        }
    }

    /// SECURITY OI-04 (RFC 9207).
    @Test
    func `a callback of another issuer is refused`() throws {
        func refusal(_ issuer: String?, promises: Bool) throws -> OpenIDError.Code? {
            let document = """
                {"issuer":"https://id.example","authorization_endpoint":"https://id.example/a",\
                "token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k",\
                "authorization_response_iss_parameter_supported":\(promises)}
                """
            let metadata = try ProviderMetadata(document: Array(document.utf8), settings: .example) { $0.isSecure }
            let fields = ["state": "s", "code": "c", "iss": issuer].compactMapValues { $0 }
            do {
                try CallbackParameters { fields[$0] }?.checkIssuer(.example, metadata)
                return nil
            } catch { return error.code }
        }
        #expect(try refusal("https://id.example", promises: true) == nil)
        #expect(try refusal(nil, promises: false) == nil)
        #expect(try refusal(nil, promises: true) == .callbackIssuerMissing)
        for issuer in ["https://evil.example", "https://id.example/", ""] {
            #expect(try refusal(issuer, promises: true) == .callbackIssuerWrong)
            #expect(try refusal(issuer, promises: false) == .callbackIssuerWrong)
        }
    }
}
