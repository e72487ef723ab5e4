import Cryptography
import Passwords
import Testing

@testable import Identity
@testable import Website

/// Setting, changing and removing one's password on the pages (SECURITY PW-01, PW-06, PW-13, PW-14).
struct PasswordSettingTests {
    private static let path = "/account/password"
    private static let password = "violet tandem 93 kettle"

    private func withPasswords(_ body: @Sendable @escaping (SiteWorld, Browser) async throws -> Void) async throws {
        let parameters = try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1))
        try await withSite(policy: { policy in
            policy.passwords.policy = PasswordPolicy(blocklists: [], siteNames: ["Lighthouse"])
            policy.passwords.hashing = HashLaneConfiguration(threads: 1, parameters: parameters, niceness: 0)
        }) { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            _ = try await browser.send(from: "/sign-in/password", to: "/sign-in/code/resend")
            _ = try await browser.typeCode(site.code(to: "ada@example.com"))
            try await body(site, browser)
        }
    }

    @Test
    func `A password is set, changed and removed, and the fields say what they are`() async throws {
        try await withPasswords { site, browser in
            let page = try await browser.get(Self.path)
            #expect(page.body.contains("You have no password.") && page.body.contains("autocomplete=\"new-password\""))
            #expect(!page.body.contains("current_password"))
            #expect(page.body.contains("autocomplete=\"username\" value=\"ada@example.com\" readonly hidden>"))
            #expect(try await browser.send([("new_password", Self.password)], from: Self.path).location == Self.path)
            let after = try await browser.get(Self.path)
            #expect(
                after.body.contains("Your password is saved")
                    && after.body.contains("autocomplete=\"current-password\"")
            )
            let change = [("current_password", Self.password), ("new_password", Self.password + " more")]
            #expect(try await browser.send(change, from: Self.path).location == Self.path)
            #expect(
                try await browser.get(Self.path + "/remove").location
                    == "/account/confirm?return_to=/account/password/remove"
            )
        }
    }

    @Test(arguments: [
        ("short", "This is too short"), ("lighthouse-lighthouse", "made of your name"),
        ("ada@example.com1", "made of your name"),
        (String(repeating: "x y", count: 100), "This is too long"),
    ])
    func `What is refused is told at the field, and never sent back`(password: String, words: String) async throws {
        try await withPasswords { _, browser in
            let page = try await browser.send([("new_password", password)], from: Self.path)
            #expect(page.status == 422 && page.body.contains(words))
            #expect(page.body.contains("href=\"#new_password\"") && page.body.contains("id=\"new_password-problem\""))
            #expect(page.body.contains("aria-invalid=\"true\""))
            #expect(!page.body.contains("value=\"\(password)"))
        }
    }

    @Test
    func `A long time after signing in the page asks for a proof first`() async throws {
        try await withPasswords { site, browser in
            site.clock.advance(.seconds(700))
            let page = try await browser.get(Self.path)
            #expect(page.location == "/account/confirm?return_to=/account/password")
        }
    }
}
