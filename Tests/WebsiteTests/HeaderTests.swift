import HTTPTypes
import Testing

@testable import Website

/// Which headers every answer carries, whatever it is.
struct HeaderTests {
    static let everywhere = [
        "content-security-policy":
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
    ]

    static func check(_ page: Browser.Page, isKept: Bool = false, _ name: String) {
        for (header, value) in everywhere { #expect(page.all(header) == [value], "\(name)") }
        let permissions = page["permissions-policy"] ?? ""
        for permission in ["camera=()", "publickey-credentials-get=(self)", "publickey-credentials-create=(self)"] {
            #expect(permissions.contains(permission), "\(name)")
        }
        #expect(page.all("cache-control") == [isKept ? "public, max-age=31536000, immutable" : "no-store"], "\(name)")
        #expect(page["strict-transport-security"] == nil && page["server"] == nil, "\(name)")
        #expect(!page.headers.contains { $0.name.hasPrefix("access-control-") }, "\(name)")
    }

    @Test
    func `Every address answers every method with the same protective headers`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let home = try await browser.signIn("ada@example.com")
            let styles = String(try #require(home.body.firstMatch(of: #/href="(/static/site-[0-9a-f]{16}\.css)"/#)).1)
            let mark = String(try #require(home.body.firstMatch(of: #/src="(/static/mark-[0-9a-f]{16}\.svg)"/#)).1)
            let passkeys = try StaticFile(name: "passkeys.js", bytes: SiteFiles().bytes("Static/passkeys.js")).path
            let paths = [
                "/", "/sign-in", "/sign-in/code", "/sign-in/code/resend", "/sign-in/app", "/sign-in/cancel",
                "/sign-in/passkey",
                "/sign-in/passkey/options", "/sign-in/with-passkey", "/sign-in/with-passkey/options",
                "/sign-in/recovery-code", "/sign-in/password", "/sign-in/password/forgotten", "/sign-in/add-passkey",
                "/sign-in/add-passkey/options", "/sign-in/add-passkey/skip", "/sign-in/profile", "/repair",
                "/repair/passkey",
                "/repair/passkey/options", "/repair/done", "/language",
                "/account/confirm", "/sign-out", "/signed-out", "/undelete", "/undelete/done",
                "/undo", "/undo/done", "/invitation", "/link/over",
                styles, mark, passkeys,
                "/nowhere", "/static/site.css", "/account/", "//account", "/.well-known/security.txt",
            ]
            for path in paths + AccountRoutes.all.keys {
                for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                    let page = try await browser.send(method, path, [("Origin", "https://evil.test")], body: nil)
                    let isFile = page.status == 200 && path.hasPrefix("/static/")
                    Self.check(page, isKept: isFile, "\(method) \(path) \(page.status)")
                    if page.status == 405 { #expect(page["allow"] != nil) }
                    if page.status >= 400, method != "HEAD" { #expect(page.body.contains(page["x-request-id"] ?? "-")) }
                    if method == "HEAD" { #expect(page.body.isEmpty) }
                    if !["GET", "HEAD", "POST"].contains(method) { #expect([404, 405].contains(page.status)) }
                }
            }
            #expect(try await browser.get(styles)["content-type"] == "text/css; charset=utf-8")
            #expect(try await browser.get(passkeys)["content-type"] == "text/javascript; charset=utf-8")
            #expect(try await browser.get(mark)["content-type"] == "image/svg+xml")
        }
    }

    /// SECURITY SE-02.
    @Test
    func `Cookies are host-bound, secure, out of reach of scripts, and small`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let first = try await browser.get("/sign-in")
            let named = try await browser.nameAddress("ada@example.com")
            let wrong = try await browser.typeCode("AAAA-AAAA")
            let signedIn = try await browser.typeCode(try await site.code(to: "ada@example.com"))
            let settings = [first, named, wrong, signedIn].flatMap { $0.all("set-cookie") }
            #expect(settings.count >= 5)
            for setting in settings {
                #expect(setting.hasPrefix("__Host-gatehouse-"))
                #expect(setting.contains("; Path=/; Secure; HttpOnly; SameSite=Lax"))
                #expect(!setting.contains("Domain"))
                #expect(setting.utf8.count < 4096)
            }
        }
    }

    @Test
    func `Over https browsers are told to stay there`() {
        var headers = SecurityHeaders(isHTTPS: true, formTargets: ["https://app.example.com"]).added
        #expect(headers[.strictTransportSecurity] == "max-age=63072000; includeSubDomains")
        #expect(headers[.contentSecurityPolicy]?.contains("form-action 'self' https://app.example.com;") == true)
        headers = SecurityHeaders(isHTTPS: false, formTargets: []).added
        #expect(headers[.strictTransportSecurity] == nil)
    }

    @Test(arguments: [
        "evil.test", "localhost", "localhost.evil.test", "localhost:1@evil.test", "127.0.0.1", "localhost:99999",
        "[::1]", "",
    ])
    func `A host that is not ours is refused`(host: String) async throws {
        try await withSite(configuration: { $0.publicURL = "https://id.example.com" }) { site in
            let page = try await Browser(site).get("/sign-in", [("Host", host)])
            #expect(page.status == 421)
            #expect(page.body.contains("href=\"https://id.example.com/\""))
            #expect(try await Browser(site).get("/sign-in", [("Host", "ID.example.com:443")]).status == 200)
        }
    }
}
