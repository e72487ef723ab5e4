import Testing

@testable import Identity
@testable import Website

/// The frame of the account: its pages, its navigation, and who gets in.
struct AccountFrameTests {
    @Test
    func `Every page of the account is there for its owner and sends strangers to sign in`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for area in AccountArea.allCases where area.isOffered(by: site.core.policy) {
                let page = try await browser.get(area.path)
                #expect(page.status == 200, "\(area)")
                #expect(page.body.contains("<a href=\"\(area.path)\" aria-current=\"page\">"), "\(area)")
                #expect(page.body.matches(of: #/aria-current="page"/#).count == 1, "\(area)")
                #expect(page.body.matches(of: #/<h1>/#).count == 1, "\(area)")
                #expect(try await Browser(site).get(area.path).location == "/sign-in", "\(area)")
            }
        }
    }

    @Test
    func `What the site does not offer is not in the navigation, and not there`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let home = try await browser.signIn("ada@example.com")
            for area in [AccountArea.password, .passkeys] {
                #expect(!home.body.contains("\"\(area.path)\""))
                #expect(try await browser.get(area.path).status == 404)
            }
        }
    }

    /// SECURITY WEB-01, for every form of the account.
    @Test
    func `No form of the account is taken from elsewhere, without its token, or with that of another session`()
        async throws
    {
        try await withSite { site in
            let ada = Browser(site)
            let own = try await ada.signIn("ada@example.com").field("form_token")
            let eve = Browser(site)
            try await eve.signIn("eve@example.com")
            let forged = [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]
            for (path, route) in AccountRoutes.all where route.post != nil {
                #expect(try await ada.post(path, [("form_token", own)], headers: forged).status == 403, "\(path)")
                #expect(try await ada.post(path, [("form_token", "x")]).status == 403, "\(path)")
                #expect(try await eve.post(path, [("form_token", own)]).status == 403, "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("/account/apps/add", "/account/apps/add"), ("/account/addresses/add", "/account/addresses/add"),
        ("/account/delete", "/account/delete"), ("/account/recovery/make", "/account/recovery/make"),
    ])
    func `A page that needs a new proof leads to it and back`(path: String, back: String) async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            #expect(try await browser.get(path).status == 200)
            site.clock.advance(.seconds(700))
            let confirm = try #require(try await browser.get(path).location)
            #expect(confirm == "/account/confirm?return_to=" + back)
            let page = try await browser.get(confirm)
            #expect(try page.field("return_to") == back)
            let form = [("form_token", try page.field("form_token")), ("return_to", back)]
            #expect(try await browser.post("/account/confirm", form).location == "/sign-in/code")
            #expect(try await browser.typeCode(site.code(to: "ada@example.com")).location == back)
            #expect(try await browser.get(path).status == 200)
        }
    }

    /// SECURITY WEB-02.
    @Test(arguments: ["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "/%09/evil.test", ""])
    func `A new proof leads back to pages of this site only`(target: String) async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let page = try await browser.get("/account/confirm?return_to=" + Browser.encode(target))
            #expect(try page.field("return_to") == "/account")
            let form = [("form_token", try page.field("form_token")), ("return_to", target)]
            _ = try await browser.post("/account/confirm", form)
            #expect(try await browser.typeCode(site.code(to: "ada@example.com")).location == "/account")
        }
    }
}
