import JSON
import Testing

@testable import Identity
@testable import Website

/// What a profile lacks is asked for before a sign-in leads on.
struct CompleteProfileTests {
    private static let path = "/sign-in/profile"

    /// Signs in as somebody who is asked; the page that asks.
    private static func askedPage(_ browser: Browser, _ address: String) async throws -> String {
        let page = try await browser.get("/sign-in?return_to=/account/sessions")
        let fields = [
            ("form_token", try page.field("form_token")), ("identifier", address), ("return_to", "/account/sessions"),
        ]
        #expect(try await browser.post("/sign-in", fields).location == "/sign-in/code")
        let asked = try #require(try await browser.typeCode(try await browser.site.code(to: address)).location)
        #expect(asked == path + "?return_to=/account/sessions")
        return asked
    }

    private static func values(of address: String, _ site: SiteWorld) async throws -> [String: JSONValue] {
        let user = try await site.core.users.find(by: .email(address), site.system)
        let profile = try await site.core.profiles.get(user.id, site.system)
        return Dictionary(uniqueKeysWithValues: profile.values.map { ($0.path.description, $0.value) })
    }

    @Test func `Whoever registers gives what is demanded, and nothing else is asked for`() async throws {
        try await withSite { site in
            try await site.demand("motto")
            try await site.demand("staff") { $0.writers = .administrator }
            let browser = Browser(site)
            let asked = try await Self.askedPage(browser, "ada@example.com")
            let page = try await browser.get(asked)
            #expect(page.status == 200 && page.body.contains("Complete your profile"))
            #expect(page.body.contains("name=\"p.motto\""))
            #expect(!page.body.contains("p.name") && !page.body.contains("staff") && !page.body.contains("add-passkey"))
            // What the form was not drawn with is not written.
            let sent = try await browser.send([("p.motto", "Onwards"), ("p.name", "Mallory")], from: asked)
            #expect(sent.location == "/account/sessions")
            #expect(try await Self.values(of: "ada@example.com", site) == ["motto": .string("Onwards")])
            #expect(try await browser.get(asked).location == "/account/sessions")
        }
    }

    @Test(arguments: ["", "   ", "x"])
    func `What will not do is told at the field, and leads nowhere`(typed: String) async throws {
        try await withSite { site in
            try await site.demand("motto") { $0.rules.minimumLength = 5 }
            let browser = Browser(site)
            let asked = try await Self.askedPage(browser, "ada@example.com")
            let page = try await browser.send([("p.motto", typed)], from: asked)
            #expect(page.status == 422 && page.body.contains("href=\"#p.motto\""))
            #expect(page.body.contains("aria-invalid=\"true\"") && page.body.contains("id=\"p.motto-problem\""))
            #expect(try await browser.send([], from: asked).status == 422)
            #expect(try await Self.values(of: "ada@example.com", site).isEmpty)
        }
    }

    @Test func `Who was there before is asked once the schema demands more, at the next sign-in`() async throws {
        try await withSite { site in
            try await Browser(site).signIn("ada@example.com")
            try await site.demand("motto")
            site.clock.advance(.seconds(90))
            let asked = try await Self.askedPage(Browser(site), "ada@example.com")
            #expect(asked.hasPrefix(Self.path))
        }
    }

    @Test func `Nobody is asked who is not signed in, nor led elsewhere`() async throws {
        try await withSite { site in
            #expect(try await Browser(site).get(Self.path).location == "/sign-in")
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for target in ["https://evil.test", "//evil.test", ""] {
                let page = Self.path + "?return_to=" + Browser.encode(target)
                #expect(try await browser.get(page).location == "/account")
            }
            try await site.demand("motto")
            let page = try await browser.get(Self.path + "?return_to=//evil.test")
            #expect(page.form(Self.path)?.contains { $0 == ("return_to", "/account") } == true)
        }
    }
}

extension SiteWorld {
    /// Has the schema demand an attribute of everybody from now on.
    func demand(_ code: String, _ change: (inout ProfileAttribute) -> Void = { _ in }) async throws {
        var attribute = ProfileAttribute(path: try #require(AttributePath(code)), kind: .string)
        attribute.displayName = "The \(code)"
        attribute.isRequired = true
        change(&attribute)
        var changes = ProfileSchemaChange()
        changes.put = [attribute]
        _ = try await core.profileSchema.change(changes, system)
    }
}
