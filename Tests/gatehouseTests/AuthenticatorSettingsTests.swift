import Identity
import Testing
import WebAuthn

@testable import gatehouse

/// The settings of apps, devices and passkeys.
struct AuthenticatorSettingsTests {
    private static let roots = ["--passkeys-attestation-roots-file", "/nowhere"]
    private static let model = "07070707-0707-0707-0707-070707070707"
    private static let wrongFlags: [[String]] = [
        ["--policy-totp-issuer", String(repeating: "x", count: 65)], ["--policy-totp-issuer", "a\nb"],
        ["--policy-totp-devices", "0"], ["--policy-totp-pending-lifetime", "2h"], ["--policy-proof-freshness", "59s"],
        ["--policy-remembered-device-lifetime", "91d"], ["--passkeys-maximum-per-user", "0"],
        ["--passkeys-user-verification", "discouraged"], ["--passkeys-attestation", "full"],
        ["--passkeys-attestation-formats", "packed,Packed"], ["--passkeys-denied-models", "07"],
        ["--passkeys-algorithms", "ES256,RS1"], ["--passkeys-algorithms", "es256"],
        ["--passkeys-algorithms", "ES256,ES256"], ["--passkeys-allowed-models", model],
        ["--passkeys-require-trusted-attestation", "true", "--passkeys-attestation-roots-file", "/nowhere"],
        ["--passkeys-require-trusted-attestation", "true", "--passkeys-attestation", "direct"],
        ["--passkeys-metadata-file", "/x"], ["--passkeys-metadata-ca-file", "/x"],
        ["--passkeys-related-origins", "http://example.com"], ["--passkeys-related-origins", "https://example.com/"],
        ["--passkeys-related-origins", "https://Example.com"],
        ["--passkeys-related-origins", "https://example.com:443"],
        ["--passkeys-related-origins", "https://example.com:08443"],
        ["--passkeys-related-origins", "https://192.0.2.1"],
        ["--passkeys-related-origins", "https://localhost"],
        ["--passkeys-related-origins", "https://a.de,https://a.de"],
        ["--passkeys-related-origins", "https://exam\"ple.com"], ["--passkeys-related-origins", "https://a_b.com"],
        ["--passkeys-related-origins", "https://user@example.com"],
    ]

    private func policy(_ flags: [String]) throws -> IdentityPolicy {
        let settings = try Settings(
            file: nil,
            environment: [:],
            flags: ["--site-url", "https://login.example.org"] + flags
        )
        return try settings.identityPolicy(siteURL: settings.publicSiteURL)
    }

    private func problems(_ flags: [String]) -> [String] {
        var problems: [String] = []
        _ = Settings(file: nil, environment: [:], flags: flags, problems: &problems)
        return problems
    }

    @Test func `Without settings the rules are those of the domain`() throws {
        let (made, plain) = (try policy([]), IdentityPolicy())
        #expect(made.proofFreshness == plain.proofFreshness)
        #expect(made.devices.rememberedFor == plain.devices.rememberedFor)
        #expect(made.totp.issuer == nil && made.totp.pendingLifetime == plain.totp.pendingLifetime)
        #expect(made.totp.maximumPerUser == plain.totp.maximumPerUser)
        #expect(made.passkeys.algorithms == plain.passkeys.algorithms && made.passkeys.allowsSynchronised)
        #expect(made.passkeys.maximumPerUser == plain.passkeys.maximumPerUser)
        #expect(made.passkeys.userVerification == .preferred && made.passkeys.attestationConveyance == .none)
        #expect(made.passkeys.attestation.formats == plain.passkeys.attestation.formats)
        #expect(made.passkeys.attestation.allowedModels == nil && !made.passkeys.attestation.requiresTrust)
        let relyingParty = RelyingParty(id: "login.example.org", origins: ["https://login.example.org"])
        #expect(made.passkeys.relyingParty == relyingParty)
    }

    @Test func `Every setting reaches its rule`() throws {
        let made = try policy([
            "--policy-proof-freshness", "5m", "--policy-remembered-device-lifetime", "0s", "--policy-totp-issuer", "Us",
            "--policy-totp-pending-lifetime", "2m", "--policy-totp-devices", "3", "--passkeys-maximum-per-user", "4",
            "--passkeys-user-verification", "required", "--passkeys-attestation", "direct",
            "--passkeys-algorithms", "Ed448, ES256", "--passkeys-allow-synchronised", "false",
            "--passkeys-attestation-formats", "packed, none", "--passkeys-denied-models", Self.model,
            "--passkeys-related-origins", "https://example.com,https://example.de:8443",
        ])
        #expect(made.proofFreshness == .seconds(300) && made.devices.rememberedFor == .zero)
        #expect(made.totp.issuer == "Us" && made.totp.pendingLifetime == .seconds(120) && made.totp.maximumPerUser == 3)
        #expect(made.passkeys.maximumPerUser == 4 && made.passkeys.userVerification == .required)
        #expect(made.passkeys.algorithms == [.ed448, .es256] && !made.passkeys.allowsSynchronised)
        #expect(made.passkeys.attestationConveyance == .direct)
        #expect(made.passkeys.attestation.formats == [.packed, .none])
        #expect(made.passkeys.attestation.deniedModels.map(\.description) == [Self.model])
        let origins = ["https://login.example.org", "https://example.com", "https://example.de:8443"]
        #expect(made.passkeys.relyingParty == RelyingParty(id: "login.example.org", origins: origins))
    }

    @Test(arguments: wrongFlags)
    func `A wrong value is refused by the name of its setting`(flags: [String]) {
        let found = problems(flags)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix(flags[0].hasPrefix("--policy") ? "policy." : "passkeys.") == true)
    }

    @Test func `Trust in models is demanded together with what proves it`() {
        let flags = [
            "--passkeys-require-trusted-attestation", "true", "--passkeys-attestation", "direct",
            "--passkeys-allowed-models", Self.model,
        ]
        #expect(problems(flags + Self.roots).isEmpty)
    }

    /// Level 3 section 5.11.1.
    @Test func `All origins together have five names, however many they are`() {
        let five = ["https://a.com", "https://b.com", "https://c.co.uk", "https://www.d.com.au", "https://a.de"]
        let flags = { (origins: [String]) in
            ["--site-url", "https://login.e.com", "--passkeys-related-origins", origins.joined(separator: ",")]
        }
        #expect(problems(flags(five)).isEmpty)
        #expect(problems(flags(five + ["https://x.e.org", "https://y.b.net:8443"])).isEmpty)
        #expect(problems(flags(five + ["https://f.com"])).count == 1)
    }

    @Test func `A file of roots without a certificate stops the start by its name`() {
        let flags = ["--passkeys-attestation-roots-file", "/dev/null"]
        let thrown = #expect(throws: CommandFailure.self) { try policy(flags) }
        #expect(thrown.map { "\($0)".contains("passkeys.attestation-roots-file") } == true)
    }
}
