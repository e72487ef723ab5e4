import Cryptography
import OutboundHTTP
import Synchronization
import Testing

@testable import OpenIDConnect

struct ProviderClientTests {
    private let provider: ScriptedProvider

    init() throws { provider = try ScriptedProvider() }

    private func client(_ settings: ProviderSettings) -> ProviderClient {
        ProviderClient(settings, http: provider, random: SystemRandom())
    }

    private func refusal(_ body: () async throws -> Void) async -> OpenIDError.Code? {
        do {
            try await body()
            return nil
        } catch { return (error as? OpenIDError)?.code }
    }

    private static let document = """
        {"issuer":"https://id.example","authorization_endpoint":"https://id.example/a",\
        "token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k","userinfo_endpoint":"https://id.example/me"}
        """

    @Test
    func `document, keys and profile are fetched from where they are`() async throws {
        var settings = ProviderSettings.example
        settings.usesUserinfo = true
        provider.answer("https://id.example/.well-known/openid-configuration", Self.document)
        provider.answer("https://id.example/k", "{\"keys\":[\(try provider.jwk())]}")
        provider.answer(
            "https://id.example/me",
            "{\"sub\":\"24400320\",\"email\":\"a@b.example\",\"email_verified\":true,\"iss\":\"x\"}"
        )
        let client = client(settings)
        let metadata = try await client.metadata()
        #expect(try await client.keys(metadata).keys.count == 1)
        let token = try JSONWebToken(provider.token(claims: GoodClaims().text))
        let person = try await client.person(token, accessToken: SecretBytes(utf8: "a"), metadata)
        #expect(person.email == "a@b.example" && person.isEmailVerified && person.issuer == "https://id.example")
        #expect(person.subject == "24400320" && person.label == "a@b.example" && !person.isStrong)
        let bearer = provider.requests.withLock { $0.last?.headers.first { $0.name == "Authorization" }?.value }
        #expect(bearer?.validatedUTF8String() == "Bearer a")
    }

    @Test
    func `a profile of somebody else is refused`() async throws {
        var settings = ProviderSettings.example
        settings.usesUserinfo = true
        provider.answer("https://id.example/.well-known/openid-configuration", Self.document)
        let client = client(settings)
        let metadata = try await client.metadata()
        let token = try JSONWebToken(provider.token(claims: GoodClaims().text))
        for (answer, code) in [
            ("{\"sub\":\"other\"}", OpenIDError.Code.profileSubjectWrong), ("{}", .profileSubjectWrong),
            ("{\"sub\":\"24400320\",\"sub\":\"24400320\"}", .profileMalformed), ("x.y.z", .profileMalformed),
        ] {
            provider.answer("https://id.example/me", answer)
            let got = await refusal {
                _ = try await client.person(token, accessToken: SecretBytes(utf8: "a"), metadata)
            }
            #expect(got == code)
        }
    }

    @Test
    func `GitHub's people are known by number and main address`() async throws {
        var settings = ProviderPreset.github.settings
        settings.clientID = "client"
        let client = client(settings)
        let metadata = try await client.metadata()
        provider.answer(
            "https://api.github.com/user",
            "{\"id\":583231,\"login\":\"octocat\",\"email\":\"public@x.example\"}"
        )
        provider.answer(
            "https://api.github.com/user/emails",
            "[{\"email\":\"old@x.example\",\"primary\":false,\"verified\":true},"
                + "{\"email\":\"octocat@x.example\",\"primary\":true,\"verified\":true}]"
        )
        let person = try await client.person(accessToken: SecretBytes(utf8: "a"), metadata)
        #expect(person.subject == "583231" && person.label == "octocat" && person.issuer == "https://github.com")
        #expect(person.email == "octocat@x.example" && person.isEmailVerified)
        for id in ["0", "\"\"", "null", "-1", "1.5", "true"] {
            provider.answer("https://api.github.com/user", "{\"id\":\(id),\"login\":\"octocat\"}")
            let got = await refusal { _ = try await client.person(accessToken: SecretBytes(utf8: "a"), metadata) }
            #expect(got == .subjectWrong, "\(id)")
        }
    }

    @Test(arguments: ["\"true\"", "1", "\"1\"", "null", "false", "[true]"])
    func `an address is verified by the boolean alone`(value: String) async throws {
        provider.answer("https://id.example/.well-known/openid-configuration", Self.document)
        let client = client(.example)
        let claims = GoodClaims().with("email", "\"a@b.example\"").with("email_verified", value)
        let token = try JSONWebToken(provider.token(claims: claims.text))
        let person = try await client.person(
            token,
            accessToken: SecretBytes(utf8: "a"),
            try await client.metadata()
        )
        #expect(person.email == "a@b.example" && !person.isEmailVerified)
    }

    @Test
    func `a strength counts only when it was asked for`() async throws {
        provider.answer("https://id.example/.well-known/openid-configuration", Self.document)
        let token = try JSONWebToken(provider.token(claims: GoodClaims().with("acr", "\"phr\"").text))
        for contexts in [[], ["phr"], ["other"]] {
            var settings = ProviderSettings.example
            settings.strongContexts = contexts
            let client = client(settings)
            let person = try await client.person(
                token,
                accessToken: SecretBytes(utf8: "a"),
                try await client.metadata()
            )
            #expect(person.isStrong == (contexts == ["phr"]))
        }
    }

    @Test
    func `a provider that is down, or answers with an error, is told as what it is`() async throws {
        let client = client(.example)
        #expect(await refusal { _ = try await client.metadata() } == .unreachable)
        provider.answer("https://id.example/.well-known/openid-configuration", "x", status: 404)
        #expect(await refusal { _ = try await client.metadata() } == .badStatus)
        #expect(OpenIDError(.badStatus, status: 503).isOutage && !OpenIDError(.badStatus, status: 404).isOutage)
        #expect(OpenIDError(OutboundError(.tooSlow)).isOutage && !OpenIDError(.signatureWrong).isOutage)
    }
}
