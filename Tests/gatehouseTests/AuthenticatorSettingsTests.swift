import Identity
import Testing
import WebAuthn

@testable import gatehouse

/// The settings of apps, devices and passkeys.
struct AuthenticatorSettingsTests {
    private static let wrongFlags: [[String]] = [
        ["--policy-totp-issuer", String(repeating: "x", count: 65)], ["--policy-totp-issuer", "a\nb"],
        ["--policy-totp-devices", "0"], ["--policy-totp-pending-lifetime", "2h"], ["--policy-proof-freshness", "59s"],
        ["--policy-remembered-device-lifetime", "91d"], ["--passkeys-maximum-per-user", "0"],
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
        return settings.identityPolicy(siteURL: settings.publicSiteURL)
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
        #expect(made.passkeys.maximumPerUser == plain.passkeys.maximumPerUser)
        let relyingParty = RelyingParty(id: "login.example.org", origins: ["https://login.example.org"])
        #expect(made.passkeys.relyingParty == relyingParty)
    }

    @Test func `Every setting reaches its rule`() throws {
        let made = try policy([
            "--policy-proof-freshness", "5m", "--policy-remembered-device-lifetime", "0s", "--policy-totp-issuer", "Us",
            "--policy-totp-pending-lifetime", "2m", "--policy-totp-devices", "3", "--passkeys-maximum-per-user", "4",
            "--passkeys-related-origins", "https://example.com,https://example.de:8443",
        ])
        #expect(made.proofFreshness == .seconds(300) && made.devices.rememberedFor == .zero)
        #expect(made.totp.issuer == "Us" && made.totp.pendingLifetime == .seconds(120) && made.totp.maximumPerUser == 3)
        #expect(made.passkeys.maximumPerUser == 4)
        let origins = ["https://login.example.org", "https://example.com", "https://example.de:8443"]
        #expect(made.passkeys.relyingParty == RelyingParty(id: "login.example.org", origins: origins))
    }

    @Test(arguments: wrongFlags)
    func `A wrong value is refused by the name of its setting`(flags: [String]) {
        let found = problems(flags)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix(flags[0].hasPrefix("--policy") ? "policy." : "passkeys.") == true)
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
}
