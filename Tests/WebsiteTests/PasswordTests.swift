import Cryptography
import MariaDB
import Passwords
import Testing

@testable import Identity
@testable import Website

/// Signing in with a password on the pages.
struct PasswordTests {
    private static let address = "ada@example.com"
    private static let password = "violet tandem 93 kettle"

    /// A site that takes passwords, with one person who has one.
    private func withPasswords(
        maximumAge: Duration? = nil,
        _ body: @Sendable @escaping (SiteWorld) async throws -> Void
    ) async throws {
        let parameters = try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1))
        try await withSite(policy: { policy in
            policy.passwords.policy = PasswordPolicy(blocklists: [], siteNames: [])
            policy.passwords.maximumAge = maximumAge
            policy.passwords.hashing = HashLaneConfiguration(threads: 1, parameters: parameters, niceness: 0)
        }) { site in
            let context = CallContext(actor: .anonymous, requestID: "test", deadline: .after(.seconds(60)))
            let started = try await site.core.signIn.begin(SignInRequest(identifier: Self.address), context)
            _ = try await site.core.signIn.sendCode(started.handle, context)
            let code = SecretBytes(utf8: try await site.code(to: Self.address))
            let outcome = try await site.core.signIn.submitCode(started.handle, code: code, context)
            guard case .signedIn(let signedIn) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let person = CallContext(
                actor: .user(signedIn.session, via: nil),
                requestID: "test",
                deadline: .after(.seconds(60))
            )
            try await site.core.passwords.set(SecretBytes(utf8: Self.password), current: nil, person)
            site.clock.advance(.seconds(3600))
            try await body(site)
        }
    }

    private func submit(_ password: String, _ browser: Browser) async throws -> Browser.Page {
        let page = try await browser.get("/sign-in/password")
        return try await browser.post(
            "/sign-in/password",
            [("form_token", page.field("form_token")), ("password", password)]
        )
    }

    @Test func `A password leads to the account home, and the code stays a way beside it`() async throws {
        try await withPasswords { site in
            let browser = Browser(site)
            #expect(try await browser.nameAddress(Self.address).location == "/sign-in/password")
            #expect(try await browser.get("/sign-in/code").location == "/sign-in/password")
            let page = try await browser.get("/sign-in/password")
            #expect(page.status == 200)
            #expect(page.body.contains("type=\"password\"") && page.body.contains("autocomplete=\"current-password\""))
            #expect(page.body.contains("a•••@example.com"))
            #expect(!page.body.contains("onpaste") && page["cache-control"] == "no-store")
            #expect(try await submit(Self.password, browser).location == "/account")
            #expect(try await browser.get("/account").body.contains(Self.address))
        }
    }

    /// SECURITY EN-01: whose password it is, is said as it was typed, for names that there are and those that there are not.
    @Test func `Programs that keep passwords are told the name that was typed`() async throws {
        try await withPasswords { site in
            for name in ["Ada@Example.com", "Nobody@Example.com"] {
                let browser = Browser(site)
                _ = try await browser.nameAddress(name)
                let page = try await browser.get("/sign-in/password")
                let field = "name=\"username\" autocomplete=\"username\" value=\"\(name)\" readonly hidden>"
                #expect(page.body.contains(field))
            }
            // What comes back in it counts for nothing.
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            let fields = [("username", "eve@example.com"), ("password", Self.password)]
            #expect(try await browser.send(fields, from: "/sign-in/password").location == "/account")
            #expect(try await browser.get("/account").body.contains(Self.address))
        }
    }

    @Test func `A code that is asked for on the password page signs in`() async throws {
        try await withPasswords { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            let page = try await browser.get("/sign-in/password")
            let sent = try await browser.post("/sign-in/code/resend", [("form_token", page.field("form_token"))])
            #expect(sent.location == "/sign-in/code")
            #expect(try await browser.typeCode(site.code(to: Self.address)).location == "/account")
        }
    }

    @Test func `Wrong and unknown are told in the same words, and what was typed is in no page or log`() async throws {
        try await withPasswords { site in
            var bodies: [String] = []
            for name in [Self.address, "nobody@example.com"] {
                let browser = Browser(site)
                _ = try await browser.nameAddress(name)
                let wrong = "wr0ng <b>&\"tandem"
                #expect(try await submit(wrong, browser).location == "/sign-in/password")
                let page = try await browser.get("/sign-in/password")
                #expect(page.body.contains("class=\"field-problem\""))
                #expect(!page.body.contains("tandem"))
                let token = try page.field("form_token")
                bodies.append(
                    page.body.replacing(token, with: "").replacing(name, with: "").replacing(
                        "\(name.prefix(1))•••",
                        with: ""
                    )
                )
            }
            #expect(bodies[0] == bodies[1])
            #expect(!site.log.lines.contains { $0.contains("tandem") })
        }
    }

    @Test func `No password and one beyond all bounds are answered on the page`() async throws {
        try await withPasswords { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            for typed in ["", String(repeating: "x", count: 2000)] {
                #expect(try await submit(typed, browser).location == "/sign-in/password")
                #expect(try await browser.get("/sign-in/password").body.contains("field-problem"))
            }
            #expect(try await submit(Self.password, browser).location == "/account")
        }
    }

    /// SECURITY SE-13.
    @Test func `Without a flow, from another site or with another's token the password goes nowhere`() async throws {
        try await withPasswords { site in
            let stranger = Browser(site)
            #expect(try await stranger.get("/sign-in/password").status != 200)
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            let page = try await browser.get("/sign-in/password")
            let fields = [("form_token", try page.field("form_token")), ("password", Self.password)]
            let crossing = try await browser.post(
                "/sign-in/password",
                fields,
                headers: [
                    ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"),
                ]
            )
            #expect(crossing.status == 403)
            let other = Browser(site)
            _ = try await other.nameAddress(Self.address)
            #expect(try await other.post("/sign-in/password", fields).location != "/account")
            #expect(try await browser.post("/sign-in/password", fields).location == "/account")
        }
    }

    @Test func `A password that is too old leads to repairing the account, and a code signs in`() async throws {
        try await withPasswords(maximumAge: .seconds(86_400)) { site in
            site.clock.advance(.seconds(86_400))
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            #expect(try await submit(Self.password, browser).location == "/repair")
            for path in ["/account", "/account/confirm", "/sign-in/add-passkey"] {
                #expect(try await browser.get(path).location == "/repair")
            }
            let repair = try await browser.get("/repair")
            #expect(repair.status == 200 && repair.body.contains("Set up your account again"))
            let done = try await browser.post("/repair/done", [("form_token", repair.field("form_token"))])
            #expect(done.location == "/sign-in" && browser.cookies[Browser.session] == nil)
            #expect(try await browser.get("/sign-in").body.contains("Now sign in with what you have set up"))
            _ = try await browser.nameAddress(Self.address)
            let page = try await browser.get("/sign-in/password")
            _ = try await browser.post("/sign-in/code/resend", [("form_token", page.field("form_token"))])
            #expect(try await browser.typeCode(site.code(to: Self.address)).location == "/account")
        }
    }

    @Test func `Where people sign in without passwords there is no such page`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress(Self.address)
            #expect(try await browser.get("/sign-in/password").status != 200)
        }
    }
}
