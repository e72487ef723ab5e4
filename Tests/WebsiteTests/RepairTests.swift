import Cryptography
import Passwords
import Testing

@testable import Identity
@testable import Website

/// Sessions that do nothing but repair an account, and how people get out of them (SECURITY RC-05, PW-15).
struct RepairTests {
    private static let address = "ada@example.com"
    private static let password = "violet tandem 93 kettle"
    private static let another = "amber ladder 57 walnut"

    /// A site that takes passwords; Ada signed in by a code, and set hers.
    private static func withPasswords(
        maximumAge: Duration? = nil,
        _ body: @Sendable @escaping (SiteWorld, Browser) async throws -> Void
    ) async throws {
        let parameters = try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1))
        try await withSite(policy: { policy in
            policy.passwords.policy = PasswordPolicy(blocklists: [], siteNames: [])
            policy.passwords.maximumAge = maximumAge
            policy.passwords.hashing = HashLaneConfiguration(threads: 1, parameters: parameters, niceness: 0)
        }) { site in
            let browser = Browser(site)
            #expect(try await signInByCode(browser).location == "/account")
            let set = try await browser.send([("new_password", password)], from: "/account/password")
            #expect(set.location == "/account/password")
            try await body(site, browser)
        }
    }

    private static func signInByCode(_ browser: Browser) async throws -> Browser.Page {
        _ = try await browser.nameAddress(address)
        _ = try await browser.send(from: "/sign-in/password", to: "/sign-in/code/resend")
        return try await browser.typeCode(try await browser.site.code(to: address))
    }

    private static func signIn(_ browser: Browser, _ password: String) async throws -> Browser.Page {
        _ = try await browser.nameAddress(address)
        return try await browser.send([("password", password)], from: "/sign-in/password")
    }

    @Test func `Whoever has a password that is too old changes it, and gets on with the new one`() async throws {
        try await Self.withPasswords(maximumAge: .seconds(86_400)) { site, _ in
            site.clock.advance(.seconds(90_000))
            let browser = Browser(site)
            #expect(try await Self.signIn(browser, Self.password).location == "/repair")
            let repair = try await browser.get("/repair")
            #expect(repair.body.contains("<a class=\"button main\" href=\"/account/password\">Change your password"))
            let page = try await browser.get("/account/password")
            #expect(page.status == 200 && page.body.contains("name=\"current_password\""))
            #expect(!page.body.contains("class=\"areas\"") && !page.body.contains("/account/password/remove"))
            let missing = try await browser.send([("new_password", Self.another)], from: "/account/password")
            #expect(missing.status == 422 && missing.body.contains("Type your present password"))
            let change = [("current_password", Self.password), ("new_password", Self.another)]
            #expect(try await browser.send(change, from: "/account/password").location == "/repair")
            #expect(try await browser.get("/account").location == "/repair")
            #expect(try await browser.send(from: "/repair", to: "/repair/done").location == "/sign-in")
            #expect(try await Self.signIn(browser, Self.another).location == "/account")
        }
    }

    @Test func `Whoever lost an app sets another one up, and signs in with it`() async throws {
        try await Self.withPasswords { site, _ in
            let browser = Browser(site)
            #expect(try await Self.signIn(browser, Self.password).location == "/account")
            let secret = try await browser.setUpApp()
            site.clock.advance(.seconds(90))
            try await browser.confirm(Self.address, app: secret)
            _ = try await browser.send(from: "/account/recovery/make")
            let codes = try await browser.get("/account/recovery/codes")
            let code = String(try #require(codes.body.firstMatch(of: #/<code>([-0-9A-Z]+)</#)).1)
            site.clock.advance(.seconds(90))
            let other = Browser(site)
            #expect(try await Self.signIn(other, Self.password).location == "/sign-in/app")
            let repaired = try await other.send([("code", code)], from: "/sign-in/recovery-code")
            #expect(repaired.location == "/repair")
            #expect(try await other.get("/repair").body.contains("New recovery codes are made in your account"))
            #expect(try await other.get("/account/apps").location == "/repair")
            #expect(try await other.get("/account/recovery/make").location == "/repair")
            #expect(
                try await other.send([("name", "New")], from: "/account/apps/add").location == "/account/apps/set-up"
            )
            let new = try await other.appSecret()
            let fields = [("code", try site.appCode(of: new))]
            #expect(try await other.send(fields, from: "/account/apps/set-up").location == "/repair")
            #expect(try await other.get("/repair").body.contains("The app is set up."))
            #expect(try await other.get("/account").location == "/repair")
            _ = try await other.send(from: "/repair", to: "/repair/done")
            site.clock.advance(.seconds(90))
            #expect(try await Self.signIn(other, Self.password).location == "/sign-in/app")
            let last = [("code", try site.appCode(of: new))]
            #expect(try await other.send(last, from: "/sign-in/app").location == "/account")
        }
    }

    @Test func `Whoever takes too long is told to sign in anew`() async throws {
        try await Self.withPasswords(maximumAge: .seconds(86_400)) { site, _ in
            site.clock.advance(.seconds(90_000))
            let browser = Browser(site)
            _ = try await Self.signIn(browser, Self.password)
            site.clock.advance(.seconds(700))
            let confirm = try #require(try await browser.get("/account/password").location)
            #expect(try await browser.get(confirm).location == "/repair")
            #expect(try await browser.get("/repair").body.contains("Sign in anew, then set it up."))
        }
    }

    @Test func `Whose password was made useless sets another one after a code, and goes where they wanted`()
        async throws
    {
        try await Self.withPasswords { site, _ in
            let user = try await site.core.users.find(by: .email(Self.address), site.system)
            try await site.core.passwords.demandReset(of: user.id, site.system)
            site.clock.advance(.seconds(90))
            let browser = Browser(site)
            #expect(try await Self.signIn(browser, Self.password).location == "/sign-in/password")
            let page = try await browser.get("/sign-in?return_to=/account/sessions")
            let named = [
                ("form_token", try page.field("form_token")), ("identifier", Self.address),
                ("return_to", "/account/sessions"),
            ]
            _ = try await browser.post("/sign-in", named)
            _ = try await browser.send(from: "/sign-in/password", to: "/sign-in/code/resend")
            let asked = try #require(try await browser.typeCode(try await site.code(to: Self.address)).location)
            #expect(asked == "/account/password?return_to=/account/sessions")
            #expect(try await browser.get(asked).body.contains("no longer works"))
            #expect(
                try await browser.send([("new_password", Self.another)], from: asked).location == "/account/sessions"
            )
            #expect(try await Self.signIn(Browser(site), Self.another).location == "/account")
        }
    }
}
