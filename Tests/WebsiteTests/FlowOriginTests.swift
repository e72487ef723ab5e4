import Testing

@testable import Identity
@testable import Website

/// Whoever starts over, or comes too late, still gets where he was going.
struct FlowOriginTests {
    private static let cookie = "__Host-gatehouse-origin"
    private static let goal = "/account/sessions"
    private static let begin = "/sign-in?return_to=/account/sessions"

    /// Names an address on the page that leads to the goal.
    private static func begin(_ browser: Browser, _ address: String = "ada@example.com") async throws {
        let page = try await browser.get(begin)
        let fields = [("form_token", try page.field("form_token")), ("identifier", address), ("return_to", goal)]
        #expect(try await browser.post("/sign-in", fields).location == "/sign-in/code")
    }

    @Test
    func `Another address leads where the first one would have led`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await Self.begin(browser, "lovelace@example.com")
            let over = try await browser.send(from: "/sign-in/code", to: "/sign-in/cancel")
            #expect(over.location == Self.begin && browser.cookies[Browser.flow] == nil)
            try await Self.begin(browser)
            #expect(try await browser.typeCode(site.code(to: "ada@example.com")).location == Self.goal)
            #expect(browser.cookies[Self.cookie] == nil)
        }
    }

    /// Ways for a sign-in to be over: too late, given up by the browser, and ended by somebody else.
    private static let ends: [@Sendable (SiteWorld, Browser) async throws -> Void] = [
        { site, _ in site.clock.advance(.seconds(1000)) },
        { _, browser in browser.cookies[Browser.flow] = nil },
        { _, browser in
            let token = try await browser.get("/sign-in/code").field("form_token")
            let jar = browser.cookies
            _ = try await browser.post("/sign-in/cancel", [("form_token", token)])
            browser.cookies = jar
        },
    ]

    @Test(arguments: 0..<3)
    func `A sign-in that is over begins again with where it led`(way: Int) async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await Self.begin(browser)
            let form = try await browser.get("/sign-in/code").field("form_token")
            try await Self.ends[way](site, browser)
            let code = try await browser.post("/sign-in/code", [("form_token", form), ("code", "AAAA-AAAA")])
            #expect(code.location == (way == 1 ? Self.begin : "/sign-in/code"))
            #expect(try await browser.get("/sign-in/code").location == Self.begin)
            let page = try await browser.get(Self.begin)
            #expect(page.body.contains("That sign-in is over"))
            #expect(try page.field("return_to") == Self.goal)
        }
    }

    @Test
    func `Where nothing was asked for, a sign-in that is over leads nowhere else`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            site.clock.advance(.seconds(1000))
            #expect(try await browser.get("/sign-in/code").location == "/sign-in")
        }
    }

    @Test
    func `A confirmation that is over begins again as one, and one that is given up leads to the account`()
        async throws
    {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let confirm = "/account/confirm?return_to=/account/sessions"
            _ = try await browser.send(from: confirm)
            let cancelled = try await browser.send(from: "/sign-in/code", to: "/sign-in/cancel")
            #expect(cancelled.location == "/account")
            site.clock.advance(.seconds(90))
            _ = try await browser.send(from: confirm)
            site.clock.advance(.seconds(1000))
            #expect(try await browser.get("/sign-in/code").location == confirm)
            #expect(try await browser.get(confirm).body.contains("That sign-in is over"))
        }
    }

    /// SECURITY WEB-02: whoever can plant a cookie sends nobody anywhere.
    @Test
    func `What is not sealed by this site leads nowhere`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await Self.begin(browser)
            let kept = try #require(browser.cookies[Self.cookie])
            #expect(!kept.contains("account"))
            browser.cookies[Browser.flow] = nil
            let bent = String(kept.dropLast(2)) + (kept.hasSuffix("AA") ? "BB" : "AA")
            for planted in ["https-evil", bent, String(kept.reversed())] {
                browser.cookies[Self.cookie] = planted
                let page = try await browser.get("/sign-in/code")
                #expect(page.location == "/sign-in", "\(page.status) \(planted)")
            }
            // Neither does a secret of another purpose.
            browser.cookies[Self.cookie] = TextSeal(keyRing: site.core.keyRing).seal("sign_in\n/account\n", for: "x")
            #expect(try await browser.get("/sign-in/code").location == "/sign-in")
        }
    }
}
