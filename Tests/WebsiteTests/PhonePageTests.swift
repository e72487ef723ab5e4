import Testing

@testable import Identity
@testable import Website

/// Telephone numbers on the pages, where messages are sent to them.
struct PhonePageTests {
    private static let list = "/account/addresses"
    private static let number = "+491512345678"

    private static func withPhones(_ body: @Sendable @escaping (SiteWorld) async throws -> Void) async throws {
        try await withSite(policy: { $0.sms.isEnabled = true }, configuration: { _ in }, body)
    }

    private static func add(_ number: String, _ browser: Browser, id: String = "") async throws {
        let page = list + "/add" + (id.isEmpty ? "?kind=phone" : "?id=" + id)
        #expect(try await browser.send([("value", number)], from: page).location == list + "/prove")
        let code = try await browser.site.smsCode(to: number)
        #expect(try await browser.send([("code", code)], from: list + "/prove").location == list)
    }

    private static func id(_ action: String, of number: String, _ page: Browser.Page) throws -> String {
        let links = page.body.matches(
            of: #/href="\/account\/addresses\/([a-z]+)\?id=([0-9a-f-]+)" aria-label="([^"]*)"/#
        )
        return String(try #require(links.first { $0.1 == action && $0.3.contains(number) }).2)
    }

    @Test func `A number is added by its code, made the main one, replaced and removed`() async throws {
        try await Self.withPhones { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            #expect(try await browser.get(Self.list).body.contains("href=\"/account/addresses/add?kind=phone\""))
            let form = try await browser.get(Self.list + "/add?kind=phone")
            #expect(form.body.contains("type=\"tel\"") && form.body.contains("autocomplete=\"tel\""))
            try await Self.add(Self.number, browser)
            let added = try await browser.get(Self.list)
            #expect(added.body.contains("The number is yours.") && added.body.contains("<bdi>\(Self.number)</bdi>"))
            #expect(try await site.subjects(to: "ada@example.com").contains { $0.contains("address was added") })
            site.clock.advance(.seconds(90))
            try await Self.add("+491512345679", browser)
            let main = try Self.id("main", of: "+491512345679", try await browser.get(Self.list))
            let question = try await browser.get(Self.list + "/main?id=" + main)
            #expect(question.body.contains("Make this the main number?"))
            #expect(try await browser.send(from: Self.list + "/main?id=" + main).location == Self.list)
            #expect(try await browser.get(Self.list).body.contains("Main number"))
            site.clock.advance(.seconds(90))
            try await Self.add("+491512345670", browser, id: Self.id("add", of: Self.number, browser.get(Self.list)))
            let replaced = try await browser.get(Self.list)
            #expect(replaced.body.contains("+491512345670") && !replaced.body.contains("\(Self.number)<"))
            let old = try Self.id("remove", of: "+491512345670", replaced)
            #expect(try await browser.send(from: Self.list + "/remove?id=" + old).location == Self.list)
            let left = try await browser.get(Self.list)
            #expect(left.body.contains("The number is removed.") && !left.body.contains("+491512345670"))
        }
    }

    @Test func `While a number waits its code can be typed, asked for again, or the number given up`() async throws {
        try await Self.withPhones { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            _ = try await browser.send([("value", Self.number)], from: Self.list + "/add?kind=phone")
            #expect(try await browser.get(Self.list).body.contains("A number waits for its code"))
            let page = try await browser.get(Self.list + "/prove")
            #expect(page.body.contains("6 digits.") && page.body.contains("inputmode=\"numeric\""))
            #expect(page.body.contains("Code from the text message") && !page.body.contains("spam"))
            let wrong = try await site.smsCode(to: Self.number) == "000000" ? "000001" : "000000"
            _ = try await browser.send([("code", wrong)], from: Self.list + "/prove")
            #expect(try await browser.get(Self.list + "/prove").body.contains("aria-invalid=\"true\""))
            _ = try await browser.send(from: Self.list + "/prove", to: Self.list + "/withdraw")
            #expect(try await browser.get(Self.list).body.contains("You have none."))
        }
    }

    @Test(arguments: [("12", "Enter the number with its country code"), ("", "Enter the number")])
    func `What is no number is told at the field`(typed: String, words: String) async throws {
        try await Self.withPhones { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let path = Self.list + "/add?kind=phone"
            #expect(try await browser.send([("value", typed)], from: path).location == path)
            let page = try await browser.get(path)
            #expect(page.body.contains(words) && page.body.contains("id=\"value-problem\""))
        }
    }

    @Test func `Without messages to telephones nothing speaks of them`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let page = try await browser.get("/sign-in")
            #expect(!page.body.lowercased().contains("telephone") && page.body.contains("type=\"email\""))
            try await browser.signIn("ada@example.com")
            #expect(!(try await browser.get(Self.list).body.contains("elephone")))
            #expect(try await browser.get(Self.list + "/add?kind=phone").status == 404)
        }
    }

    @Test func `A number that was proved signs in, with a code of digits`() async throws {
        try await Self.withPhones { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            try await Self.add(Self.number, browser)
            site.clock.advance(.seconds(90))
            let other = Browser(site)
            let page = try await other.get("/sign-in")
            #expect(page.body.contains(">E-mail address or telephone number</label>"))
            #expect(page.body.contains("type=\"text\" inputmode=\"email\""))
            #expect(try await other.nameAddress("+49 151 2345678").location == "/sign-in/code")
            let form = try await other.get("/sign-in/code")
            #expect(form.body.contains("inputmode=\"numeric\"") && form.body.contains("Code from the text message"))
            #expect(try await other.typeCode(site.smsCode(to: Self.number)).location == "/account")
            let stranger = Browser(site)
            #expect(try await stranger.nameAddress("nobody").location == "/sign-in")
            #expect(try await stranger.get("/sign-in").body.contains("or a telephone number with its country code"))
        }
    }
}
