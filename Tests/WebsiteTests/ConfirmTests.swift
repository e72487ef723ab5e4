import Testing

@testable import Identity
@testable import Website

/// SECURITY SE-09 and 1.11 on the pages: what could do harm asks who it is again, when that is long ago.
struct ConfirmTests {
    private static let confirm = "/account/confirm?return_to=/account/sessions"

    @Test
    func `Ending sessions long after signing in asks for a code first, and then works`() async throws {
        try await withSite { site in
            let other = Browser(site)
            try await other.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let home = try await browser.get("/account/sessions")
            site.clock.advance(.seconds(700))
            let end = [("form_token", try home.field("form_token")), ("session", try home.field("session"))]
            #expect(try await browser.post("/account/sessions/end", end).location == Self.confirm)
            #expect(try await browser.post("/account/sessions/end-others", [end[0]]).location == Self.confirm)
            #expect(try await other.get("/account").status == 200)

            let page = try await browser.get(Self.confirm)
            HeaderTests.check(page, "confirm")
            #expect(page.body.contains("Confirm that it is you"))
            let token = [
                ("form_token", try page.field("form_token")), ("return_to", try page.field("return_to")),
            ]
            #expect(try await browser.post("/account/confirm", token).location == "/sign-in/code")
            let code = try await browser.get("/sign-in/code")
            #expect(code.body.contains("A code is on its way to a•••@example.com."))
            #expect(code.body.contains(">Confirm<") && code.body.contains(">Not now<"))

            let before = browser.cookies[Browser.session]
            let answer = try await browser.typeCode(try await site.code(to: "ada@example.com"))
            #expect(answer.location == "/account/sessions")
            let after = browser.cookies[Browser.session]
            #expect(before != after && browser.cookies[Browser.flow] == nil)
            let again = try await browser.get("/account/sessions")
            #expect(again.body.contains("Thank you."))
            let endNow = [("form_token", try again.field("form_token")), ("session", try again.field("session"))]
            #expect(try await browser.post("/account/sessions/end", endNow).location == "/account/sessions")
            #expect(try await other.get("/account").location == "/sign-in")
            browser.cookies[Browser.session] = before
            #expect(try await browser.get("/account").location == "/sign-in")
        }
    }

    @Test
    func `Not now leads back to the account, and nothing has changed`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(700))
            let page = try await browser.get("/account/confirm")
            _ = try await browser.post("/account/confirm", [("form_token", page.field("form_token"))])
            let code = try await browser.get("/sign-in/code")
            _ = try await browser.post("/sign-in/cancel", [("form_token", code.field("form_token"))])
            #expect(try await browser.get("/sign-in").location == "/account")
            #expect(try await browser.get("/account").status == 200)
        }
    }

    @Test
    func `Who is signed out is asked to sign in, and a form of somebody else's page does nothing`() async throws {
        try await withSite { site in
            #expect(try await Browser(site).get("/account/confirm").location == "/sign-in")
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let page = try await browser.get("/account/confirm")
            let forged = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]
            let token = [("form_token", try page.field("form_token"))]
            #expect(try await browser.post("/account/confirm", token, headers: forged).status == 403)
            #expect(try await browser.post("/account/confirm", [("form_token", "x")]).status == 403)
        }
    }

    @Test
    func `A browser is recognised after signing out, and its owner is told of another`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let home = try await browser.signIn("ada@example.com")
            let device = try #require(browser.cookies[Browser.device])
            _ = try await browser.post("/sign-out", [("form_token", home.field("form_token"))])
            #expect(browser.cookies[Browser.device] == device)
            site.clock.advance(.seconds(90))
            try await browser.signIn("ada@example.com")
            #expect(browser.cookies[Browser.device] == device)
            #expect(try await site.subjects(to: "ada@example.com").count { $0.hasPrefix("New sign-in") } == 0)
            site.clock.advance(.seconds(90))
            try await Browser(site).signIn("ada@example.com")
            #expect(try await site.subjects(to: "ada@example.com").count { $0.hasPrefix("New sign-in") } == 1)
        }
    }
}
