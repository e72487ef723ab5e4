import Testing

@testable import Identity
@testable import Website

/// Passkeys on the pages, as far as no authenticator is needed; browsers with authenticators are in the end-to-end tests.
struct PasskeyPageTests {
    private func withPasskeys(_ body: @Sendable @escaping (SiteWorld) async throws -> Void) async throws {
        try await withSite(
            policy: { policy in
                policy.passkeys.serve(siteURL: "http://localhost:8080", siteName: "Site", relatedOrigins: [])
            },
            body
        )
    }

    private static let cookie = "__Host-gatehouse-passkey"

    private func options(_ browser: Browser) async throws -> Browser.Page {
        let page = try await browser.get("/sign-in")
        return try await browser.post(
            "/sign-in/with-passkey/options",
            [("form_token", page.field("form_token")), ("return_to", ""), ("response", "")]
        )
    }

    @Test
    func `The page to sign in offers a passkey to scripts, and needs none`() async throws {
        try await withPasskeys { site in
            let page = try await Browser(site).get("/sign-in")
            #expect(page.body.contains("autocomplete=\"username webauthn\""))
            let form = try #require(page.body.firstMatch(of: #/<form class="passkey"[^>]*>/#)).output
            #expect(form.contains("data-passkey=\"get\"") && form.hasSuffix(" hidden>"))
            #expect(form.contains("data-options-path=\"/sign-in/with-passkey/options\""))
            #expect(
                page.body.firstMatch(of: #/<script type="module" src="/static/passkeys-[0-9a-f]{16}\.js"></script>/#)
                    != nil
            )
        }
    }

    /// SECURITY WO-01, WO-06.
    @Test
    func `Options name nobody and have a new challenge each time, in one flow of a cookie of its own`() async throws {
        try await withPasskeys { site in
            let browser = Browser(site)
            let first = try await options(browser)
            let handle = try #require(browser.cookies[Self.cookie])
            #expect(first.status == 200 && first["content-type"] == "application/json")
            #expect(
                first.body.contains("\"allowCredentials\":[]")
                    && first.body.contains("\"userVerification\":\"required\"")
            )
            let second = try await options(browser)
            #expect(second.status == 200 && second.body != first.body)
            #expect(browser.cookies[Self.cookie] == handle && browser.cookies[Browser.flow] == nil)
            site.clock.advance(.seconds(1000))
            #expect(try await options(browser).status == 200)
            #expect(browser.cookies[Self.cookie] != handle)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "\u{1F511}", "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}",
    ])
    func `What is no answer of a passkey is told in one wording and signs nobody in`(response: String) async throws {
        try await withPasskeys { site in
            let browser = Browser(site)
            _ = try await options(browser)
            let token = try await browser.get("/sign-in").field("form_token")
            let fields = [("form_token", token), ("return_to", "/account/confirm"), ("response", response)]
            let answer = try await browser.post("/sign-in/with-passkey", fields)
            #expect(answer.location == "/sign-in?return_to=/account/confirm")
            #expect(try await browser.get("/sign-in").body.contains("That passkey did not work here"))
            #expect(browser.cookies[Browser.session] == nil)
        }
    }

    @Test
    func `Neither options nor answers are taken from elsewhere or without a flow`() async throws {
        try await withPasskeys { site in
            let browser = Browser(site)
            let token = try await browser.get("/sign-in").field("form_token")
            let fields = [("form_token", token), ("response", "{}")]
            for path in ["/sign-in/with-passkey", "/sign-in/with-passkey/options", "/sign-in/passkey"] {
                let crossing = try await browser.post(path, fields, headers: [("Sec-Fetch-Site", "cross-site")])
                #expect(crossing.status == 403)
                #expect(try await Browser(site).post(path, fields).status == 403)
            }
            #expect(try await browser.post("/sign-in/with-passkey", fields).location == "/sign-in")
            #expect(try await browser.post("/sign-in/passkey", fields).location == "/sign-in")
            #expect(try await browser.post("/sign-in/passkey/options", fields).location == "/sign-in")
            for path in ["/sign-in/add-passkey", "/sign-in/add-passkey/options", "/repair/passkey"] {
                #expect(try await browser.post(path, fields).status == 403)
            }
        }
    }

    @Test
    func `A passkey is offered after a code to a browser that can keep one, until somebody says no`() async throws {
        try await withPasskeys { site in
            func signIn(_ browser: Browser, canKeep: String) async throws -> Browser.Page {
                site.clock.advance(.seconds(90))
                _ = try await browser.nameAddress("ada@example.com")
                let page = try await browser.get("/sign-in/code")
                let code = try await site.code(to: "ada@example.com")
                return try await browser.post(
                    "/sign-in/code",
                    [("form_token", page.field("form_token")), ("passkeys", canKeep), ("code", code)]
                )
            }
            let browser = Browser(site)
            #expect(try await signIn(browser, canKeep: "").location == "/account")
            browser.cookies[Browser.session] = nil
            let offered = try await signIn(browser, canKeep: "yes")
            #expect(offered.location == "/sign-in/add-passkey?return_to=/account")
            let page = try await browser.get("/sign-in/add-passkey?return_to=/account")
            #expect(page.body.contains("data-passkey=\"create\"") && page.body.contains("Not now"))
            let fields = [("form_token", try page.field("form_token")), ("return_to", "/account")]
            let options = try await browser.post("/sign-in/add-passkey/options", fields + [("response", "")])
            #expect(options.status == 200 && options.body.contains("\"residentKey\":\"required\""))
            let bad = try await browser.post("/sign-in/add-passkey", fields + [("response", "{}")])
            #expect(bad.location == "/sign-in/add-passkey?return_to=/account")
            #expect(try await browser.get("/sign-in/add-passkey").body.contains("The passkey was not added"))
            #expect(try await browser.post("/sign-in/add-passkey/skip", fields).location == "/account")
            browser.cookies[Browser.session] = nil
            #expect(try await signIn(browser, canKeep: "yes").location == "/account")
        }
    }

    @Test
    func `Who waits too long with the offer proves anew who he is, and comes back to it`() async throws {
        try await withPasskeys { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            _ = try await browser.typeCode(site.code(to: "ada@example.com"))
            let offer = "/sign-in/add-passkey?return_to=/account/sessions"
            let page = try await browser.get(offer)
            site.clock.advance(.seconds(700))
            let fields = [("form_token", try page.field("form_token")), ("return_to", "/account/sessions")]
            let asked = try await browser.post("/sign-in/add-passkey/options", fields + [("response", "")])
            #expect(asked.location == "/account/confirm?return_to=" + Browser.partlyEncoded(offer))
            // What the script does then is to load the page again.
            #expect(try await browser.get(offer).location == asked.location)
            _ = try await browser.send(from: try #require(asked.location), to: "/account/confirm")
            #expect(try await browser.typeCode(site.code(to: "ada@example.com")).location == offer)
            #expect(try await browser.get(offer).status == 200)
        }
    }

    @Test
    func `A second tab can still name somebody after the first one did`() async throws {
        try await withPasskeys { site in
            let browser = Browser(site)
            let (one, two) = (try await browser.get("/sign-in"), try await browser.get("/sign-in"))
            for (page, name) in [(one, "ada@example.com"), (two, "bob@example.com")] {
                let fields = [("form_token", try page.field("form_token")), ("identifier", name)]
                #expect(try await browser.post("/sign-in", fields).location == "/sign-in/code")
            }
            #expect(try await browser.typeCode(site.code(to: "bob@example.com")).location == "/account")
            #expect(try await browser.get("/account").body.contains("bob@example.com"))
        }
    }
}
