import Mail
import Testing

@testable import Website

/// Choosing a language.
struct LanguageTests {
    private func choose(_ language: String, _ browser: Browser, returnTarget: String = "/sign-in") async throws
        -> Browser.Page
    {
        let token = try await browser.get("/sign-in").field("form_token")
        return try await browser.post(
            "/language",
            [("form_token", token), ("return_to", returnTarget), ("language", language)]
        )
    }

    @Test
    func `What a person chose goes before what the browser asks for, on pages and in mail`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            #expect(try await choose("ar", browser).location == "/sign-in")
            let page = try await browser.get("/sign-in", [("Accept-Language", "de")])
            #expect(page.body.contains("<html lang=\"ar\" dir=\"rtl\">"))
            #expect(page["content-language"] == "ar")
            #expect(page.body.contains("value=\"ar\" lang=\"ar\" aria-current=\"true\""))
            _ = try await browser.nameAddress("ada@example.com")
            _ = try await site.code(to: "ada@example.com")
            #expect(site.post.messages.last?.html?.contains("dir=\"rtl\"") == true)
            #expect(try await choose("en", browser).location == "/sign-in")
            #expect(try await browser.get("/sign-in", [("Accept-Language", "de")]).body.contains("lang=\"en\" dir"))
        }
    }

    @Test
    func `The choice stays where it was made, and leads nowhere else`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let page = try await browser.get("/sign-in?return_to=%2Faccount%2Fconfirm")
            #expect(page.body.contains("value=\"/sign-in?return_to=%2Faccount%2Fconfirm\""))
            for target in ["//evil.test", "https://evil.test/", "/\\evil.test", ""] {
                #expect(try await choose("de", browser, returnTarget: target).location == "/")
            }
        }
    }

    @Test
    func `On a form that came back with problems the choice leads to its page`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let name = String(repeating: "x", count: 201)
            let page = try await browser.send([("p.name", name)], from: "/account/profile")
            #expect(page.status == 422)
            #expect(page.form("/language")?.contains { $0 == ("return_to", "/account/profile") } == true)
            // What is no page by itself is not led to.
            let refused = try await browser.post(
                "/account/sessions/end",
                [("form_token", try page.field("form_token"))]
            )
            #expect(refused.status == 400)
            #expect(refused.form("/language")?.contains { $0 == ("return_to", "/account/sessions") } == true)
        }
    }

    @Test(arguments: ["fr", "", "EN", "../en", "en\u{301}"])
    func `A language that there is not is refused`(language: String) async throws {
        try await withSite { site in
            let browser = Browser(site)
            let refused = try await choose(language, browser)
            #expect(refused.status == 400)
            browser.cookies["__Host-gatehouse-language"] = "xx"
            #expect(try await browser.get("/sign-in").body.contains("<html lang=\"en\" dir=\"ltr\">"))
        }
    }

    @Test
    func `The language outlives signing out`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            _ = try await choose("de", browser)
            let home = try await browser.signIn("ada@example.com")
            _ = try await browser.post("/sign-out", [("form_token", home.field("form_token"))])
            #expect(try await browser.get("/signed-out").body.contains("<html lang=\"de\""))
        }
    }
}
