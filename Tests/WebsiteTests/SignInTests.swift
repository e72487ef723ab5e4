import Cryptography
import MariaDB
import Testing

@testable import Identity
@testable import Website

struct SignInTests {
    @Test
    func `A code from the mail leads to the account home, and signing out ends it`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            #expect(try await browser.get("/").location == "/sign-in")
            let home = try await browser.signIn("ada@example.com")
            #expect(home.status == 200)
            #expect(home.body.contains("ada@example.com"))
            let sessions = try await browser.get("/account/sessions").body
            #expect(sessions.contains("Firefox on Linux") && sessions.contains("This session"))
            #expect(browser.cookies[Browser.flow] == nil)
            let token = try #require(browser.cookies[Browser.session])
            let goodbye = try await browser.post("/sign-out", [("form_token", home.field("form_token"))])
            #expect(goodbye.status == 303)
            #expect(goodbye.location == "/signed-out")
            #expect(goodbye["clear-site-data"] == "\"cache\", \"storage\"")
            #expect(Array(browser.cookies.keys) == [Browser.device])
            #expect(try await browser.get("/signed-out").body.contains("You are signed out"))
            browser.cookies = [Browser.session: token]
            #expect(try await browser.get("/account").location == "/sign-in")
        }
    }

    @Test
    func `The secret of a browser begins no flow, and each flow has a handle of its own`()
        async throws
    {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.get("/sign-in")
            let secret = try #require(browser.cookies[Browser.secret])
            #expect(secret.hasPrefix("ghb_") && browser.cookies[Browser.flow] == nil)
            _ = try await browser.nameAddress("ada@example.com")
            let first = try #require(browser.cookies[Browser.flow])
            #expect(first.hasPrefix("ghf_"))
            _ = try await browser.nameAddress("ada@example.com")
            let second = try #require(browser.cookies[Browser.flow])
            #expect(second.hasPrefix("ghf_") && second != first)
            #expect(browser.cookies[Browser.secret] == secret)
            // The first flow is over.
            browser.cookies = [Browser.flow: first]
            #expect(try await browser.get("/sign-in/code").location == "/sign-in")
        }
    }

    /// SECURITY SE-03.
    @Test
    func `A session or flow cookie that somebody planted is never adopted`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            browser.cookies = [
                Browser.session: "ghs_planted", Browser.flow: "planted", Browser.secret: "ghb_planted",
            ]
            let page = try await browser.get("/sign-in")
            #expect(page.status == 200)
            #expect(browser.cookies[Browser.session] == nil)
            #expect(browser.cookies[Browser.secret] != "ghb_planted")
            try await browser.signIn("ada@example.com")
            let token = try #require(browser.cookies[Browser.session])
            #expect(token.hasPrefix("ghs_") && token != "ghs_planted")
        }
    }

    @Test
    func `Signing in again gives a new token, and the old one is over`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let old = try #require(browser.cookies[Browser.session])
            // The flow goes on in a browser that still carries the old session.
            site.clock.advance(.seconds(90))
            let other = Browser(site)
            _ = try await other.nameAddress("bob@example.com")
            other.cookies[Browser.session] = old
            let page = try await other.get("/sign-in/code")
            let code = try await site.code(to: "bob@example.com")
            _ = try await other.post("/sign-in/code", [("form_token", page.field("form_token")), ("code", code)])
            let new = try #require(other.cookies[Browser.session])
            #expect(new != old)
            #expect(try await other.get("/account").body.contains("bob@example.com"))
            browser.cookies = [Browser.session: old]
            #expect(try await browser.get("/account").location == "/sign-in")
        }
    }

    /// SECURITY SE-12: nothing of one person's sign-in is left for the next in the same browser.
    @Test
    func `Two people after one another in one browser share no secret and no id`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let ofAda = browser.cookies
            let ada = try #require(ofAda[Browser.session])
            // Without signing out, as after a crash: the session's cookie is gone, the others are there.
            browser.cookies[Browser.session] = nil
            site.clock.advance(.seconds(90))
            let home = try await browser.signIn("bob@example.com")
            #expect(home.body.contains("bob@example.com") && !home.body.contains("ada@example.com"))
            let ofBob = browser.cookies
            #expect(Set(ofAda.values).isDisjoint(with: ofBob.values))
            let core = site.core
            let context = CallContext.system(requestID: "test", deadline: .after(.seconds(60)))
            let first = try await core.sessions.validate(token: SecretBytes(utf8: ada), context)
            let token = try #require(ofBob[Browser.session])
            let second = try await core.sessions.validate(token: SecretBytes(utf8: token), context)
            #expect(first.userID != second.userID && first.id != second.id)
            // The page to sign in clears what no longer opens anything.
            try await core.sessions.revoke(second.id, context)
            _ = try await browser.get("/sign-in")
            #expect(browser.cookies[Browser.session] == nil)
        }
    }

    /// SECURITY SE-04.
    @Test
    func `A flow cookie alone opens no page of an account`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            #expect(try await browser.get("/account").location == "/sign-in")
            let handle = try #require(browser.cookies[Browser.flow])
            browser.cookies = [Browser.session: handle]
            #expect(try await browser.get("/account").location == "/sign-in")
        }
    }

    @Test
    func `A wrong code, a code too many and a code too late are told in the same words`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            var pages: [String] = []
            for _ in 1...6 {
                #expect(try await browser.typeCode("AAAA-AAAA").location == "/sign-in/code")
                let page = try await browser.get("/sign-in/code")
                pages.append(Self.withoutToken(page.body))
            }
            #expect(Set(pages).count == 1)
            #expect(pages[0].contains("That did not work. Check the code, or ask for a new one."))
            #expect(pages[0].contains("href=\"#code\""))
            let code = try await site.code(to: "ada@example.com")
            site.clock.advance(.seconds(400))
            #expect(try await browser.typeCode(code).location == "/sign-in/code")
            let late = try await browser.get("/sign-in/code")
            #expect(late.body.contains("That did not work. Check the code, or ask for a new one."))
        }
    }

    @Test(arguments: [SelfRegistration.open, .closed])
    func `Known and unknown addresses get the same bytes`(registration: SelfRegistration) async throws {
        try await withSite(policy: { $0.selfRegistration = registration }) { site in
            let admin = CallContext(actor: .system, requestID: "r", deadline: .default)
            _ = try await site.core.users.create(
                NewUser(identifiers: [.init(kind: .email, value: "ada@example.com")]),
                admin
            )
            var seen: Set<String> = []
            for address in ["ada@example.com", "bob@example.com"] {
                let browser = Browser(site)
                let answer = try await browser.nameAddress(address)
                let page = try await browser.get("/sign-in/code")
                let wrong = try await browser.typeCode("AAAA-AAAA")
                let after = try await browser.get("/sign-in/code")
                let resent = try await browser.post("/sign-in/code/resend", [("form_token", after.field("form_token"))])
                let last = try await browser.get("/sign-in/code")
                seen.insert(
                    [answer, page, wrong, after, resent, last].map(Self.shape).joined(separator: "\n")
                        .replacing("b•••@example.com", with: "a•••@example.com")
                )
            }
            #expect(seen.count == 1, "\(seen)")
        }
    }

    @Test
    func `An address that is none comes back to be put right, and leaves no trace in the URL or log`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let answer = try await browser.nameAddress("  not an address <b>")
            #expect(answer.location == "/sign-in")
            let page = try await browser.get("/sign-in")
            #expect(page.body.contains("value=\"not an address &lt;b&gt;\""))
            #expect(page.body.contains("aria-invalid=\"true\" aria-describedby=\"identifier-problem\""))
            #expect(page.body.contains("<title>Problem: Sign in"))
            // Shown once.
            #expect(!(try await browser.get("/sign-in")).body.contains("identifier-problem"))
            #expect(!site.log.lines.contains { $0.contains("not an address") })
        }
    }

    @Test
    func `Logs hold no address, code, token, handle or form token`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            let handle = try #require(browser.cookies[Browser.flow])
            let code = try await site.code(to: "ada@example.com")
            let form = try await browser.get("/sign-in/code").field("form_token")
            _ = try await browser.typeCode(code)
            let token = try #require(browser.cookies[Browser.session])
            _ = try await browser.get("/account?secret=abc")
            let lines = site.log.lines
            #expect(lines.contains { $0.contains("/account") })
            for secret in ["ada@example.com", code, handle, token, form, "secret=abc"] {
                #expect(!lines.contains { $0.contains(secret) })
            }
        }
    }

    @Test
    func `A new code can be had after a minute, and starting over forgets the flow`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            let page = try await browser.get("/sign-in/code")
            #expect(page.body.contains("in a minute"))
            let token = try page.field("form_token")
            _ = try await browser.post("/sign-in/code/resend", [("form_token", token)])
            #expect(try await browser.get("/sign-in/code").body.contains("A new code cannot be sent yet"))
            let first = try await site.code(to: "ada@example.com")
            site.clock.advance(.seconds(61))
            _ = try await browser.post("/sign-in/code/resend", [("form_token", token)])
            #expect(try await browser.get("/sign-in/code").body.contains("A new code is on its way"))
            let second = try await site.code(to: "ada@example.com")
            #expect(first != second)
            let over = try await browser.post("/sign-in/cancel", [("form_token", token)])
            #expect(over.location == "/sign-in")
            #expect(browser.cookies[Browser.flow] == nil)
        }
    }

    @Test
    func `A flow that ran out begins again with a word about it`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await browser.nameAddress("ada@example.com")
            site.clock.advance(.seconds(1000))
            #expect(try await browser.get("/sign-in/code").location == "/sign-in")
            #expect(try await browser.get("/sign-in").body.contains("That sign-in is over"))
        }
    }

    @Test
    func `Too many beginnings from one source meet the page for too many attempts`() async throws {
        try await withSite(policy: { $0.throttling.beginsPerSource = ThrottleRule(window: .seconds(60), limit: 2) }) {
            site in
            for _ in 1...2 { _ = try await Browser(site).nameAddress("ada@example.com") }
            let refused = try await Browser(site).nameAddress("eve@example.com")
            #expect(refused.status == 429)
            #expect(Int(refused["retry-after"] ?? "").map { $0 > 0 } == true)
            #expect(refused.body.contains("Too many attempts"))
        }
    }

    @Test
    func `The browser's language is spoken, and English where we know none of its languages`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let german = try await browser.get("/sign-in", [("Accept-Language", "fr;q=0.9, de-AT;q=0.8, en;q=0.7")])
            #expect(german.body.contains("<html lang=\"de\" dir=\"ltr\">"))
            #expect(german.body.contains("Anmelden"))
            #expect(german["content-language"] == "de")
            #expect(try await browser.get("/sign-in", [("Accept-Language", "fr")]).body.contains("<html lang=\"en\""))
        }
    }

    /// Without what is bound to the browser.
    static func withoutToken(_ body: String) -> String {
        body.replacing(#/name="form_token" value="[^"]*"/#, with: "")
    }

    /// Status, headers and body without what is random in them.
    static func shape(_ page: Browser.Page) -> String {
        let headers = page.headers.filter { $0.name != "x-request-id" && $0.name != "date" }.map { header in
            let value = header.value.replacing(#/=gh[a-z]_[A-Za-z0-9_-]*|notice=[A-Za-z0-9_-]*|origin=[A-Za-z0-9_-]*/#)
            {
                "\($0.output.count)"
            }
            return "\(header.name): \(value)"
        }
        return "\(page.status)\n\(headers.joined(separator: "\n"))\n\(withoutToken(page.body))"
    }
}
