import Testing

@testable import Identity
@testable import Website

/// SECURITY WEB-05: the secret of a one-time link leaves the address as soon as a browser brings it.
struct LinkTests {
    private static let cookie = "__Host-gatehouse-link"

    /// Links of each kind, in the mail of somebody.
    private static let links: [@Sendable (SiteWorld) async throws -> String] = [
        { site in
            _ = try await site.core.invitations.create(NewInvitation(email: "ada@example.com"), site.system)
            return try await site.link(to: "ada@example.com")
        },
        { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let id = try #require(
                try await browser.get("/account/addresses").body.firstMatch(of: #/remove\?id=([0-9a-f-]+)/#)
            ).1
            _ = try await browser.send([("value", "new@example.com")], from: "/account/addresses/add?id=\(id)")
            let code = try await site.code(to: "new@example.com")
            _ = try await browser.send([("code", code)], from: "/account/addresses/prove")
            return try await site.link(to: "ada@example.com")
        },
        { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send(from: "/account/delete")
            return try await site.link(to: "ada@example.com")
        },
    ]

    @Test(arguments: zip(0..<3, ["/invitation", "/undo", "/undelete"]))
    func `A link is exchanged at once, and its secret is in no address and no log`(
        kind: Int,
        path: String
    ) async throws {
        try await withSite { site in
            let link = try await Self.links[kind](site)
            #expect(link.hasPrefix(path + "?token="))
            let token = String(link.dropFirst((path + "?token=").count))
            let browser = Browser(site)
            let first = try await browser.get(link)
            #expect(first.status == 303 && first.location == path && first.body.isEmpty)
            let kept = try #require(browser.cookies[Self.cookie])
            #expect(!kept.contains(token))
            let page = try await browser.get(path)
            #expect(page.status == 200 && page["referrer-policy"] == "same-origin")
            // The form to choose a language stands on a page without a secret, and comes back to it.
            #expect(page.form("/language")?.contains { $0 == ("return_to", path) } == true)
            let choice = [("form_token", try page.field("form_token")), ("return_to", path), ("language", "de")]
            #expect(try await browser.post("/language", choice).location == path)
            #expect(try await browser.get(path).body.contains("action=\"\(path)\""))
            #expect(try await browser.send(from: path).status == 303)
            #expect(browser.cookies[Self.cookie] == nil)
            #expect(!site.log.lines.contains { $0.contains(token) })
        }
    }

    @Test(arguments: ["/invitation", "/undo", "/undelete"])
    func `Without a link the page says that it is over, and a link of another kind is none`(path: String) async throws {
        try await withSite { site in
            let browser = Browser(site)
            #expect(try await browser.get(path).body.contains("This link is no longer good"))
            let link = try await Self.links[path == "/undelete" ? 1 : 2](site)
            _ = try await browser.get(link)
            #expect(browser.cookies[Self.cookie] != nil)
            #expect(try await browser.get(path).body.contains("This link is no longer good"))
            #expect(browser.cookies[Self.cookie] == nil)
            let long = path + "?token=" + String(repeating: "x", count: 3000)
            #expect(try await browser.get(long).body.contains("This link is no longer good"))
        }
    }
}
