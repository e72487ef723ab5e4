import Testing

@testable import Identity
@testable import Website

/// Adding, replacing, removing addresses on the pages (SECURITY REC-04).
struct AddressPageTests {
    private static let list = "/account/addresses"

    /// Adds an address and types its code.
    private static func add(_ address: String, _ browser: Browser, id: String = "") async throws {
        let page = list + "/add" + (id.isEmpty ? "" : "?id=" + id)
        let named = try await browser.send([("value", address)], from: page)
        #expect(named.location == list + "/prove")
        let code = try await browser.site.code(to: address)
        #expect(try await browser.send([("code", code)], from: list + "/prove").location == list)
    }

    /// The id in the first link of a kind.
    private static func id(_ action: String, _ page: Browser.Page, last: Bool = false) throws -> String {
        let found = page.body.matches(of: #/href="\/account\/addresses\/([a-z]+)\?id=([0-9a-f-]+)"/#).filter {
            $0.1 == action
        }
        return String(try #require(last ? found.last : found.first).2)
    }

    @Test
    func `An address is added by its code, made the main one, and removed again`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            try await Self.add("lovelace@example.com", browser)
            let page = try await browser.get(Self.list)
            #expect(page.body.contains("The address is yours.") && page.body.contains("lovelace@example.com"))
            let id = try Self.id("main", page)
            let asked = try await browser.get(Self.list + "/main?id=" + id)
            #expect(asked.body.contains("<dd><bdi>lovelace@example.com</bdi></dd>"))
            #expect(try await browser.send(from: Self.list + "/main?id=" + id).location == Self.list)
            let after = try await browser.get(Self.list)
            #expect(after.body.contains("lovelace@example.com</bdi> <span class=\"tag\">Main address</span>"))
            let old = try Self.id("remove", after, last: true)
            #expect(try await browser.send(from: Self.list + "/remove?id=" + old).location == Self.list)
            let left = try await browser.get(Self.list)
            #expect(left.body.contains("The address is removed.") && !left.body.contains("ada@example.com"))
        }
    }

    @Test
    func `A new address replaces an old one only when its code came back`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let id = try Self.id("add", try await browser.get(Self.list))
            _ = try await browser.send([("value", "new@example.com")], from: Self.list + "/add?id=" + id)
            let waiting = try await browser.get(Self.list)
            #expect(waiting.body.contains("An address waits for its code") && waiting.body.contains("ada@example.com"))
            let wrong = try await browser.send([("code", "AAAA-AAAA")], from: Self.list + "/prove")
            #expect(wrong.location == Self.list + "/prove")
            let told = try await browser.get(Self.list + "/prove")
            #expect(told.body.contains("aria-invalid=\"true\"") && told.body.contains("href=\"#code\""))
            let code = try await site.code(to: "new@example.com")
            _ = try await browser.send([("code", code)], from: Self.list + "/prove")
            let after = try await browser.get(Self.list)
            #expect(after.body.contains("new@example.com") && !after.body.contains("ada@example.com"))
        }
    }

    @Test
    func `The last way in stays, and why is said`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let id = try Self.id("remove", try await browser.get(Self.list))
            #expect(try await browser.send(from: Self.list + "/remove?id=" + id).location == Self.list)
            let page = try await browser.get(Self.list)
            #expect(page.body.contains("This is your only way to sign in") && page.body.contains("ada@example.com"))
        }
    }

    /// SECURITY EN-01: whether somebody else has an address is told to that address alone.
    @Test
    func `Another's address answers as a new one does`() async throws {
        try await withSite { site in
            try await Browser(site).signIn("bob@example.com")
            site.clock.advance(.seconds(90))
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let taken = try await browser.send([("value", "bob@example.com")], from: Self.list + "/add")
            #expect(taken.location == Self.list + "/prove")
            let page = try await browser.get(Self.list + "/prove").body
            site.clock.advance(.seconds(90))
            _ = try await browser.send([("value", "new@example.com")], from: Self.list + "/add")
            let other = try await browser.get(Self.list + "/prove").body
            #expect(Self.withoutNames(page) == Self.withoutNames(other))
            // Its owner alone can tell, with the code.
            _ = try await browser.send([("value", "bob@example.com")], from: Self.list + "/add")
            site.clock.advance(.seconds(90))
            _ = try await browser.send(from: Self.list + "/prove", to: Self.list + "/resend")
            let code = try await site.code(to: "bob@example.com")
            #expect(try await browser.send([("code", code)], from: Self.list + "/prove").location == Self.list)
            #expect(try await browser.get(Self.list).body.contains("It belongs to another account."))
        }
    }

    private static func withoutNames(_ body: String) -> String {
        body.replacing(#/(bob|new)@example.com/#, with: "x").replacing(#/value="[^"]+"/#, with: "")
    }

    @Test
    func `Nobody touches another's address, and learns nothing by trying`() async throws {
        try await withSite { site in
            let ada = Browser(site)
            try await ada.signIn("ada@example.com")
            let id = try Self.id("remove", try await ada.get(Self.list))
            let eve = Browser(site)
            let token = try await eve.signIn("eve@example.com").field("form_token")
            for page in ["main", "remove", "add"] {
                #expect(try await eve.get(Self.list + "/\(page)?id=" + id).status == 404)
                #expect(try await eve.get(Self.list + "/\(page)?id=x").status == 404)
            }
            let answer = try await eve.post(Self.list + "/remove", [("form_token", token), ("id", id)])
            #expect(answer.location == Self.list)
            #expect(try await eve.get(Self.list).body.contains("That is no longer there."))
            #expect(try await ada.get(Self.list).body.contains("ada@example.com"))
        }
    }

    @Test
    func `What is no address, and one's own, are told at the field, with what was typed`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let cases = [
                ("nonsense", "such as name@example.com"), ("ada@example.com", "confirmed this address already"),
            ]
            for (typed, words) in cases {
                _ = try await browser.send([("value", typed)], from: Self.list + "/add")
                let page = try await browser.get(Self.list + "/add")
                #expect(page.body.contains(words) && page.body.contains("value=\"\(typed)\""))
                #expect(page.body.contains("aria-describedby=\"value-problem\""))
            }
        }
    }

    @Test
    func `A user name that somebody else has is told as one, at its field`() async throws {
        try await withSite { site in
            let page = Self.list + "/username"
            let bob = Browser(site)
            try await bob.signIn("bob@example.com")
            #expect(try await bob.send([("username", "lovelace")], from: page).location == Self.list)
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            #expect(try await browser.send([("username", "lovelace")], from: page).location == page)
            let told = try await browser.get(page)
            #expect(told.body.contains("<a href=\"#username\">Somebody else has this user name."))
            #expect(told.body.contains("aria-describedby=\"username-hint username-problem\""))
            #expect(told.body.contains("value=\"lovelace\"") && !told.body.contains("This address"))
        }
    }

    @Test
    func `An address that waits can be given up, and then its code is none`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send([("value", "new@example.com")], from: Self.list + "/add")
            _ = try await site.code(to: "new@example.com")
            #expect(try await browser.send(from: Self.list, to: Self.list + "/withdraw").location == Self.list)
            #expect(try await browser.get(Self.list + "/prove").location == Self.list)
            #expect(try await !browser.get(Self.list).body.contains("new@example.com"))
        }
    }
}
