import HTTPTypes
import Testing

@testable import Website

struct CrossSiteTests {
    static let origin = "http://localhost:8080"

    @Test(arguments: [
        ([("Sec-Fetch-Site", "same-origin")], true),
        ([("Sec-Fetch-Site", "none")], true),
        ([("Origin", origin)], true),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", origin)], true),
        ([], false),
        ([("Sec-Fetch-Site", "cross-site")], false),
        ([("Sec-Fetch-Site", "same-site")], false),
        ([("Sec-Fetch-Site", "cross-site"), ("Origin", origin)], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", "https://evil.test")], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Origin", "null")], false),
        ([("Origin", "null")], false),
        ([("Origin", "http://localhost:8081")], false),
        ([("Origin", "https://localhost:8080")], false),
        ([("Origin", "http://localhost:8080.evil.test")], false),
        ([("Origin", origin), ("Origin", origin)], false),
        ([("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "same-origin")], false),
        ([("Sec-Fetch-Site", "Same-Origin")], false),
        ([("Referer", origin + "/sign-in")], false),
    ])
    func `Only our own pages may send forms`(headers: [(String, String)], isOwn: Bool) throws {
        var fields = HTTPFields()
        for (name, value) in headers {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        #expect(CrossSiteGuard.isOwn(fields, origin: try PublicOrigin(Self.origin)) == isOwn)
    }

    @Test
    func `A form from elsewhere signs nobody in and nobody out`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let page = try await browser.get("/sign-in")
            let fields = [
                ("form_token", try page.field("form_token")), ("identifier", "eve@example.com"), ("return_to", ""),
            ]
            for headers in [[("Sec-Fetch-Site", "cross-site")], [("Origin", "null")], []] {
                #expect(try await browser.post("/sign-in", fields, headers: headers).status == 403)
            }
            #expect(site.post.messages.isEmpty)
            let home = try await browser.signIn("ada@example.com")
            let token = try home.field("form_token")
            #expect(
                try await browser.post(
                    "/sign-out",
                    [("form_token", token)],
                    headers: [("Sec-Fetch-Site", "cross-site")]
                ).status == 403
            )
            #expect(try await browser.get("/account").status == 200)
        }
    }

    @Test
    func `The token of a form is bound to the cookie it was made for`() async throws {
        try await withSite { site in
            let (ada, eve) = (Browser(site), Browser(site))
            let mine = try await ada.get("/sign-in").field("form_token")
            let hers = try await eve.get("/sign-in").field("form_token")
            for token in [hers, "", "AAAA", mine + "A", String(mine.dropLast()) + "?"] {
                let page = try await ada.post("/sign-in", [("form_token", token), ("identifier", "ada@example.com")])
                #expect(page.status == 403)
            }
            let before = try await ada.get("/sign-in").field("form_token")
            try await ada.signIn("ada@example.com")
            // A token from before sign-in does not act for the session, nor does another session's.
            let home = try await eve.signIn("eve@example.com")
            for token in [before, try home.field("form_token")] {
                #expect(try await ada.post("/sign-out", [("form_token", token)]).status == 403)
            }
            // Without the cookie a token is nothing.
            let own = try await ada.get("/account").field("form_token")
            ada.cookies = [:]
            #expect(try await ada.post("/sign-out", [("form_token", own)]).status == 403)
        }
    }

    @Test
    func `Only well-formed forms of the one right kind are read`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let token = try await browser.get("/sign-in").field("form_token")
            let own = Browser.own(site)
            let kind = "application/x-www-form-urlencoded"
            let body = "form_token=\(token)&identifier=ada%40example.com"
            for type in ["text/plain", "application/json", "multipart/form-data", kind + "; charset=utf-8", ""] {
                let page = try await browser.send("POST", "/sign-in", own + [("Content-Type", type)], body: body)
                #expect(page.status == 415, "\(type)")
            }
            let bodies = [
                body + "&identifier=eve%40example.com", body + "&form_token=\(token)", body + "&x=%ff", body + "&x=%00",
                body + "&x=%0a",
                body + "&x=%zz", body + "&x=%4", body + "&", body + "&=1", body + String(repeating: "&a", count: 20),
            ]
            for body in bodies {
                let page = try await browser.send("POST", "/sign-in", own + [("Content-Type", kind)], body: body)
                #expect(page.status == 400, "\(body)")
            }
            let long = body + "&x=" + String(repeating: "a", count: 16 * 1024)
            #expect(
                try await browser.send("POST", "/sign-in", own + [("Content-Type", kind)], body: long).status == 413
            )
            let overridden = own + [("Content-Type", kind), ("X-HTTP-Method-Override", "GET")]
            #expect(try await browser.send("POST", "/signed-out", overridden, body: body).status == 405)
            let withQuery = try await browser.send(
                "POST",
                "/sign-in?identifier=x",
                own + [("Content-Type", kind)],
                body: body
            )
            #expect(withQuery.status == 400)
            #expect(try await browser.get("/sign-in?return_to=/a&return_to=/b").status == 400)
            #expect(try await browser.get("/sign-in?return_to=%ff").status == 400)
            #expect(site.post.messages.isEmpty)
        }
    }

    @Test
    func `A cookie of ours that comes twice is refused`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let token = try #require(browser.cookies[Browser.session])
            for second in [token, "ghs_other", ""] {
                let page = try await browser.get("/account", [("Cookie", "\(Browser.session)=\(second)")])
                #expect(page.status == 400)
            }
            #expect(try await browser.get("/account", [("Cookie", "theme=dark; theme=light")]).status == 200)
        }
    }

    @Test
    func `GET changes nothing`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for path in ["/account/sessions/end", "/account/sessions/end-others", "/sign-in/code/resend"] {
                #expect(try await browser.get(path).status == 405)
            }
            // It only asks.
            #expect(try await browser.get("/sign-out").status == 200)
            #expect(try await browser.get("/account").status == 200)
        }
    }
}
