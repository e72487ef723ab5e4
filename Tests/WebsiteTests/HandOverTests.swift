import Cryptography
import Testing

@testable import Identity
@testable import MariaDB
@testable import Website

/// Handing sign-ins to applications on other domains (PRODUCT section 7, SECURITY WEB-02).
@Suite struct HandOverTests {
    private static let address = "https://shop.example.com/callback?tenant=1"
    private static let bye = "https://shop.example.com/bye"
    private static let verifier = SecretBytes(utf8: String(repeating: "v", count: 43))
    private static let challenge = Base64URL.encode(SHA256.digest(of: verifier))

    private static func makeShop(
        _ site: SiteWorld,
        _ change: (inout ApplicationChanges) -> Void = { _ in }
    ) async throws -> Application {
        let context = CallContext(actor: .system, requestID: "t", deadline: .after(.seconds(60)))
        let account = try await site.core.serviceAccounts.create(
            name: "back end",
            description: "",
            scopes: ["tickets.redeem", "sessions.validate"],
            certificateNames: [],
            context
        )
        var fields = ApplicationChanges()
        fields.name = "Shop <b>"
        fields.redeemer = .account(account.id)
        fields.returnAddresses = [address]
        fields.signedOutAddresses = [bye]
        change(&fields)
        return try await site.core.applications.create(fields, context)
    }

    private static func path(_ shop: Application, _ more: [(String, String)] = []) -> String {
        let fields: [(String, String)] =
            [
                ("client", shop.id.description), ("return_to", address), ("state", "a&b=\"<"), ("challenge", challenge),
            ] + more
        return "/sign-in?" + fields.map { $0.0 + "=" + Browser.encode($0.1) }.joined(separator: "&")
    }

    /// The ticket that a page sends the browser away with.
    private static func ticket(_ page: Browser.Page) throws -> SecretBytes {
        #expect(page.status == 200)
        let refresh = try #require(page["refresh"])
        let start = "0; url=\(address)&ticket="
        #expect(refresh.hasPrefix(start) && refresh.hasSuffix("&state=a%26b%3D%22%3C"))
        return SecretBytes(utf8: String(refresh.dropFirst(start.count).prefix { $0 != "&" }))
    }

    private static func redeem(
        _ ticket: SecretBytes,
        _ shop: Application,
        _ site: SiteWorld,
        maximumAge: Duration? = nil,
        demand: AssuranceDemand = .nothing
    ) async throws -> RedeemedTicket {
        let caller = Caller(
            id: try #require(shop.serviceAccountID),
            name: "back end",
            scopes: .all,
            credential: .certificate
        )
        return try await site.core.tickets.redeem(
            TicketFlows.Redemption(
                ticket: ticket,
                returnAddress: address,
                verifier: verifier,
                maximumAge: maximumAge,
                demand: demand
            ),
            CallContext(actor: .serviceAccount(caller), requestID: "t", deadline: .after(.seconds(60)))
        )
    }

    /// Follows an application's link to the sign-in form, names an address and types the code; the last answer.
    private static func signIn(_ browser: Browser, _ path: String, _ person: String) async throws -> Browser.Page {
        let first = try await browser.get(path)
        let form = try await browser.get(try #require(first.location))
        let target = try form.field("return_to").replacing("&amp;", with: "&")
        let fields = [("form_token", try form.field("form_token")), ("identifier", person), ("return_to", target)]
        #expect(try await browser.post("/sign-in", fields).location == "/sign-in/code")
        return try await browser.typeCode(try await browser.site.code(to: person))
    }

    @Test func `whoever signs in for an application comes back to it with a ticket`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            let answer = try await Self.signIn(browser, Self.path(shop), "ada@example.com")
            let page = try await browser.get(try #require(answer.location))
            #expect(page.body.contains("Shop &lt;b&gt;") && !page.body.contains("Shop <b>"))
            #expect(page["content-security-policy"]?.contains("form-action 'self';") == true)
            #expect(page["cache-control"] == "no-store" && page["referrer-policy"] == "same-origin")
            let redeemed = try await Self.redeem(try Self.ticket(page), shop, site)
            #expect(redeemed.session.applicationID == shop.id)
            // Signed in, the next one goes on at once.
            let next = try await Self.redeem(try Self.ticket(try await browser.get(Self.path(shop))), shop, site)
            #expect(next.session.userID == redeemed.session.userID && next.session.id != redeemed.session.id)
        }
    }

    @Test func `a new sign-in is asked for where the application wants one`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let own = browser.cookies[Browser.session]
            site.clock.advance(.seconds(120))
            for wish in [("prompt", "login"), ("max_age", "60"), ("demand", "aal2")] {
                let first = try await browser.get(Self.path(shop, [wish]))
                #expect(first.status == 303 && first.location?.hasPrefix("/sign-in?return_to=") == true)
                let form = try await browser.get(try #require(first.location))
                #expect(form.status == 200 && form.body.contains("name=\"identifier\""))
                #expect(browser.cookies[Browser.session] == own)
            }
            let answer = try await Self.signIn(browser, Self.path(shop, [("prompt", "login")]), "ada@example.com")
            let page = try await browser.get(try #require(answer.location))
            let redeemed = try await Self.redeem(try Self.ticket(page), shop, site)
            #expect(redeemed.session.authenticatedAt == site.clock.now())
        }
    }

    /// The address is the browser's, which can leave out what makes signing in tedious; the back end asks again.
    @Test func `what a browser left out of the address is missed when its ticket is redeemed`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(120))
            func ticket() async throws -> SecretBytes { try Self.ticket(try await browser.get(Self.path(shop))) }
            for wish in [(Duration.seconds(30), AssuranceDemand.nothing), (.seconds(3600), .aal2)] {
                let stolen = try await ticket()
                await #expect(throws: FlowError.self) {
                    _ = try await Self.redeem(stolen, shop, site, maximumAge: wish.0, demand: wish.1)
                }
            }
            let young = try await Self.redeem(try await ticket(), shop, site, maximumAge: .seconds(120))
            #expect(young.session.authenticatedAt < site.clock.now())
            // Who is sent as the application asks for it comes back with what is enough.
            site.clock.advance(.seconds(120))
            let asked = Self.path(shop, [("prompt", "login")])
            let answer = try await Self.signIn(browser, asked, "ada@example.com")
            let fresh = try Self.ticket(try await browser.get(try #require(answer.location)))
            _ = try await Self.redeem(fresh, shop, site, maximumAge: .zero)
        }
    }

    /// Neither does somebody who mistyped, or was called away, lose the application that he came from.
    @Test func `starting over, and coming too late, lead back to the application`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            let start = try #require(try await browser.get(Self.path(shop, [("demand", "aal2")])).location)
            func name() async throws {
                site.clock.advance(.seconds(90))
                let form = try await browser.get(start)
                let target = try form.field("return_to").replacing("&amp;", with: "&")
                let fields = [("identifier", "ada@example.com"), ("return_to", target)]
                _ = try await browser.post("/sign-in", [("form_token", try form.field("form_token"))] + fields)
            }
            try await name()
            #expect(try await browser.send(from: "/sign-in/code", to: "/sign-in/cancel").location == start)
            try await name()
            site.clock.advance(.seconds(1000))
            let late = try await browser.get("/sign-in/code")
            #expect(late.location == start && start.contains("demand%3Daal2"))
        }
    }

    @Test func `who cannot reach what the application demands is not handed over`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site) { $0.demand = .aal2 }
            let browser = Browser(site)
            _ = try await Self.signIn(browser, Self.path(shop), "ada@example.com")
            let again = try await browser.get(Self.path(shop))
            #expect(again.status == 303 && again["refresh"] == nil)
        }
    }

    @Test func `what is not registered leads nowhere`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let id = shop.id.description
            let good = [("client", id), ("return_to", Self.address), ("challenge", Self.challenge)]
            let changes = [
                ("client", "x"), ("client", UserID.zero.description), ("return_to", "https://evil.test/"),
                ("return_to", Self.address + "x"), ("return_to", "/account"), ("return_to", ""),
                ("challenge", ""), ("challenge", "x"), ("state", "a\u{e9}"),
                ("state", String(repeating: "a", count: 301)),
                ("demand", "aal3"), ("prompt", "none"), ("max_age", "-1"),
            ]
            for visitor in [browser, Browser(site)] {
                for change in changes {
                    let fields = good.filter { $0.0 != change.0 } + [change]
                    let query = fields.map { $0.0 + "=" + Browser.encode($0.1) }.joined(separator: "&")
                    let page = try await visitor.get("/sign-in?" + query)
                    #expect(page.status == 400, "\(change)")
                    #expect(page.location == nil && page["refresh"] == nil && !page.body.contains("evil.test"))
                }
            }
            #expect(try await site.count("SELECT COUNT(*) FROM tickets") == 0)
        }
    }

    /// SECURITY SE-13: no form of another site signs anybody in on the way.
    @Test func `a form of another site does not begin a sign-in for an application`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            let form = try await browser.get(try #require(try await browser.get(Self.path(shop)).location))
            let fields = [("form_token", try form.field("form_token")), ("identifier", "eve@example.com")]
            let foreign = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.test")]
            #expect(try await browser.post("/sign-in", fields, headers: foreign).status == 403)
        }
    }

    @Test func `an application's session is no session of the site`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let redeemed = try await Self.redeem(try Self.ticket(try await browser.get(Self.path(shop))), shop, site)
            let thief = Browser(site)
            let token: String = try #require(redeemed.token.validatedUTF8String())
            thief.cookies[Browser.session] = token
            #expect(try await thief.get("/account").status == 303)
            let page = try await thief.get(Self.path(shop))
            #expect(page.status == 303 && page["refresh"] == nil)
        }
    }

    @Test func `the list of sessions names the application that one is for`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await Self.redeem(try Self.ticket(try await browser.get(Self.path(shop))), shop, site)
            let page = try await browser.get("/account/sessions")
            #expect(page.body.contains("<p class=\"detail\">For Shop &lt;b&gt;</p>"))
        }
    }

    @Test func `nobody whose profile lacks what is demanded is handed over`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await site.demand("motto")
            let first = try await browser.get(Self.path(shop))
            let asked = try #require(first.location)
            #expect(first["refresh"] == nil && asked.hasPrefix("/sign-in/profile?return_to="))
            let form = try #require(try await browser.get(asked).form("/sign-in/profile"))
            let back = try #require(form.first { $0.0 == "return_to" }).1.replacing("&amp;", with: "&")
            let fields = form.filter { !["return_to", "p.motto"].contains($0.0) }
            let answer = try await browser.post(
                "/sign-in/profile",
                fields + [("return_to", back), ("p.motto", "Onwards")]
            )
            _ = try Self.ticket(try await browser.get(try #require(answer.location)))
        }
    }

    @Test func `signing out is asked for, and leads back to where the application is registered for it`() async throws {
        try await withSite { site in
            let shop = try await Self.makeShop(site)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let query = "?client=\(shop.id.description)&return_to=\(Browser.encode(Self.bye))&state=s"
            let page = try await browser.get("/sign-out" + query)
            #expect(page.status == 200 && browser.cookies[Browser.session] != nil)
            let fields = try ["form_token", "client", "return_to", "state"].map { name in
                // The first form of the page is the one in its head.
                (name, try page.field(name))
            }
            let answer = try await browser.post("/sign-out", fields)
            #expect(browser.cookies[Browser.session] == nil)
            let last = try await browser.get(try #require(answer.location))
            #expect(last["refresh"] == "0; url=\(Self.bye)?state=s")
            // Nobody is signed in any more: straight on.
            let next = try await browser.get("/sign-out" + query)
            #expect(next.location == answer.location)
            for address in ["https://evil.test/", Self.address, ""] {
                let query = "?client=\(shop.id.description)&return_to=\(Browser.encode(address))"
                #expect(try await browser.get("/sign-out" + query).location == "/signed-out")
                #expect(try await browser.get("/signed-out" + query)["refresh"] == nil)
            }
        }
    }
}

extension SiteWorld {
    /// The one number that a query gives.
    fileprivate func count(_ sql: String) async throws -> Int64 {
        try await database.read(deadline: .after(.seconds(60))) { try $0.first(CountQuestion(text: sql)) ?? 0 }
    }
}

/// A query of one whole number.
private struct CountQuestion: Statement {
    static let sql: SQL = "SELECT 0"
    let text: String
    var preparedSQL: SQL { SQL(unsafeSQL: text) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next(Int64.self) }
}
