import OutboundHTTP
import Testing

@testable import OpenIDConnect

/// SECURITY OI-05.
struct ProviderMetadataTests {
    private static let good = [
        ("issuer", "\"https://id.example\""), ("authorization_endpoint", "\"https://id.example/authorize\""),
        ("token_endpoint", "\"https://api.id.example/token\""), ("jwks_uri", "\"https://id.example/keys\""),
        ("userinfo_endpoint", "\"https://id.example/me\""), ("response_types_supported", "[\"code\",\"id_token\"]"),
    ]

    private func document(_ name: String = "x", _ value: String? = nil) -> [UInt8] {
        var members = Self.good.filter { $0.0 != name }
        if let value { members.append((name, value)) }
        return Array(("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}").utf8)
    }

    private func refusal(
        _ document: [UInt8],
        _ settings: ProviderSettings = .example
    ) throws -> OpenIDError.Code? {
        do {
            _ = try ProviderMetadata(document: document, settings: settings) { $0.isSecure }
            return nil
        } catch { return error.code }
    }

    @Test
    func `a good document is read`() throws {
        let metadata = try ProviderMetadata(document: document(), settings: .example) { $0.isSecure }
        #expect(metadata.authorizationEndpoint.description == "https://id.example/authorize")
        #expect(metadata.tokenEndpoint.host == "api.id.example" && metadata.userinfoEndpoint == nil)
        #expect(!metadata.sendsIssuer)
        let sends = document("authorization_response_iss_parameter_supported", "true")
        #expect(try ProviderMetadata(document: sends, settings: .example) { $0.isSecure }.sendsIssuer)
    }

    @Test(
        arguments: [
            ("issuer", nil, .documentMalformed), ("issuer", "1", .documentMalformed),
            ("issuer", "\"https://id.example/\"", .documentIssuerWrong),
            ("issuer", "\"https://ID.example\"", .documentIssuerWrong),
            ("issuer", "\"https://evil.example\"", .documentIssuerWrong),
            ("authorization_endpoint", nil, .endpointMissing), ("token_endpoint", nil, .endpointMissing),
            ("jwks_uri", nil, .endpointMissing), ("token_endpoint", "\"http://id.example/token\"", .endpointRefused),
            ("token_endpoint", "\"https://evil.example/token\"", .endpointRefused),
            ("token_endpoint", "\"https://evilid.example/token\"", .endpointRefused),
            ("token_endpoint", "\"https://id.example@evil.example/token\"", .endpointRefused),
            ("jwks_uri", "\"https://169.254.169.254/keys\"", .endpointRefused),
            ("jwks_uri", "\"file:///etc/passwd\"", .endpointRefused),
            ("authorization_endpoint", "\"javascript:alert(1)\"", .endpointRefused),
            ("response_types_supported", "[\"id_token\"]", .codeFlowMissing),
            ("code_challenge_methods_supported", "[\"plain\"]", .challengeMethodMissing),
            ("id_token_signing_alg_values_supported", "[\"HS256\",\"none\"]", .algorithmsUnfit),
        ] as [(String, String?, OpenIDError.Code)]
    )
    func `a document that is bent is refused`(name: String, value: String?, code: OpenIDError.Code) throws {
        #expect(try refusal(document(name, value)) == code)
    }

    @Test(arguments: ["", "[]", "null", "{", "{\"issuer\":\"https://id.example\",\"issuer\":\"https://id.example\"}"])
    func `what is no JSON object, or has a member twice, is refused`(text: String) throws {
        #expect(try refusal(Array(text.utf8)) == .documentMalformed)
    }

    @Test
    func `an endpoint elsewhere must be named`() throws {
        var settings = ProviderSettings.example
        settings.endpointHosts = ["tokens.example"]
        let elsewhere = document("token_endpoint", "\"https://tokens.example/t\"")
        #expect(try refusal(elsewhere, settings) == nil)
        #expect(try refusal(elsewhere) == .endpointRefused)
    }

    @Test
    func `what could be wrong is remarked`() throws {
        let methods = document("token_endpoint_auth_methods_supported", "[\"private_key_jwt\"]")
        let metadata = try ProviderMetadata(document: methods, settings: .example) { $0.isSecure }
        #expect(metadata.remarks.contains { $0.contains("client_secret_basic") })
        #expect(metadata.remarks.contains { $0.contains("PKCE") })
    }

    @Test(arguments: ProviderPreset.allCases)
    func `a preset needs no more than a client's identity`(preset: ProviderPreset) {
        var settings = preset.settings
        settings.clientID = "client"
        if preset == .generic { settings.issuer = "https://id.example" }
        if preset == .apple { (settings.keyID, settings.keyOwner) = ("K", "T") }
        #expect(settings.problems { $0.isSecure }.isEmpty)
    }

    @Test
    func `settings that cannot work are told all at once`() {
        var settings = ProviderSettings(issuer: "http://id.example", clientID: "")
        settings.scopes = ["email"]
        settings.algorithms = []
        settings.endpointHosts = ["https://x"]
        settings.redirectURIs = ["http://x.example"]
        let names = Set(settings.problems { $0.isSecure }.map(\.setting))
        #expect(
            names == ["discovery_url", "client_id", "scopes", "algorithms", "endpoint_hosts", "redirect_uris"]
        )
    }
}
