import Cryptography
import Passwords
import Testing

@testable import Identity
@testable import Website

/// Authenticator apps and recovery codes on the pages.
struct AppPageTests {
    private static let list = "/account/apps"

    @Test
    func `An app is set up with a picture or a key, and counts from its first code`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send([("name", "Phone")], from: Self.list + "/add")
            let page = try await browser.get(Self.list + "/set-up")
            #expect(page.body.contains("src=\"/account/apps/qr\"") && page.body.contains("href=\"otpauth://totp/"))
            let key = try #require(page.body.firstMatch(of: #/<code class="key">([^<]+)</code>/#)).1
            #expect(key.split(separator: " ").allSatisfy { $0.count == 4 } && key.count == 39)
            let image = try await browser.get(Self.list + "/qr")
            #expect(image["content-type"] == "image/svg+xml" && image["cache-control"] == "no-store")
            #expect(image.body.hasPrefix("<svg "))
            #expect(try await browser.get(Self.list).body.contains("No app is set up yet."))
            _ = try await browser.send([("code", "000000")], from: Self.list + "/set-up")
            #expect(try await browser.get(Self.list + "/set-up").body.contains("That code did not fit."))
            let code = try site.appCode(of: try await browser.appSecret())
            #expect(try await browser.send([("code", code)], from: Self.list + "/set-up").location == Self.list)
            let after = try await browser.get(Self.list)
            #expect(
                after.body.contains("The app is set up.")
                    && after.body.contains("<p class=\"device\"><bdi>Phone</bdi></p>")
            )
            // Nothing is shown again.
            #expect(try await browser.get(Self.list + "/set-up").location == Self.list)
            #expect(try await browser.get(Self.list + "/qr").status == 404)
        }
    }

    /// SECURITY TOTP-07: what one session sets up no other one sees, and time ends it.
    @Test
    func `The secret is shown to the session that asked for it alone, and for a while`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send([("name", "Phone")], from: Self.list + "/add")
            let kept = try #require(browser.cookies["__Host-gatehouse-shown"])
            let eve = Browser(site)
            try await eve.signIn("eve@example.com")
            eve.cookies["__Host-gatehouse-shown"] = kept
            #expect(try await eve.get(Self.list + "/set-up").location == Self.list)
            #expect(try await eve.get(Self.list + "/qr").status == 404)
            eve.cookies["__Host-gatehouse-shown"] = String(kept.dropLast(2)) + "AA"
            #expect(try await eve.get(Self.list + "/qr").status == 404)
            let code = try site.appCode(of: try await browser.appSecret())
            site.clock.advance(.seconds(600))
            #expect(try await browser.send([("code", code)], from: Self.list + "/set-up").location == Self.list)
            #expect(try await browser.get(Self.list).body.contains("Setting up took too long"))
        }
    }

    @Test
    func `A form sent twice sets up one app, and its secret stays in no log`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send([("name", "Phone")], from: Self.list + "/add")
            let page = try await browser.get(Self.list + "/set-up")
            let code = try site.appCode(of: try await browser.appSecret())
            let cookies = browser.cookies
            let form = try #require(page.form(Self.list + "/set-up")) + [("code", code)]
            #expect(try await browser.post(Self.list + "/set-up", form).location == Self.list)
            browser.cookies = cookies
            #expect(try await browser.post(Self.list + "/set-up", form).location == Self.list)
            let after = try await browser.get(Self.list)
            #expect(after.body.matches(of: #/<bdi>Phone</bdi>/#).count == 1)
            let key = try #require(page.body.firstMatch(of: #/secret=([A-Z2-7]{32})/#)).1
            #expect(!site.log.lines.contains { $0.contains(key) || $0.contains(code) })
        }
    }

    @Test
    func `An app is renamed, and removed after a proof by it alone`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let secret = try await browser.setUpApp()
            let list = try await browser.get(Self.list)
            let id = String(try #require(list.body.firstMatch(of: #/rename\?id=([0-9a-f-]+)/#)).1)
            _ = try await browser.send([("name", "Tablet")], from: Self.list + "/rename?id=" + id)
            #expect(try await browser.get(Self.list).body.contains("<bdi>Tablet</bdi>"))
            // The session was opened by a code alone, which is weaker than the app.
            let refused = try await browser.get(Self.list + "/remove?id=" + id)
            #expect(refused.location == "/account/confirm?return_to=/account/apps/remove%3Fid%3D" + id)
            site.clock.advance(.seconds(90))
            try await browser.confirm("ada@example.com", app: secret)
            #expect(try await browser.send(from: Self.list + "/remove?id=" + id).location == Self.list)
            #expect(try await browser.get(Self.list).body.contains("No app is set up yet."))
        }
    }

    @Test
    func `Recovery codes are made for who has a second factor, shown once, and counted`() async throws {
        let parameters = try #require(Argon2Parameters(memory: 8, passes: 1, lanes: 1))
        try await withSite(policy: { policy in
            policy.passwords.hashing = HashLaneConfiguration(threads: 1, parameters: parameters, niceness: 0)
        }) { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            #expect(try await browser.get("/account/recovery").body.contains("you have neither yet"))
            #expect(try await browser.send(from: "/account/recovery/make").location == "/account/recovery")
            let secret = try await browser.setUpApp()
            site.clock.advance(.seconds(90))
            try await browser.confirm("ada@example.com", app: secret)
            let made = try await browser.send(from: "/account/recovery/make")
            #expect(made.location == "/account/recovery/codes")
            let codes = try await browser.get("/account/recovery/codes")
            #expect(
                codes.body.matches(of: #/<li><code>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]<\/code>/#).count == 10
            )
            #expect(try await browser.get("/account/recovery/codes").location == "/account/recovery")
            let left = try await browser.get("/account/recovery")
            #expect(left.body.contains("Codes are shown once only.") && left.body.contains("10 codes are left."))
        }
    }
}
