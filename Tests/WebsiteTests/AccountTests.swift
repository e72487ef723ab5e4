import Testing

@testable import Identity
@testable import Website

struct AccountTests {
    static let hostile = "\"\u{301}><img src=x onerror=alert(1)>\u{338}<\u{338}script>'{{7*7}}\u{202E}"

    @Test
    func `Other sessions are listed, a hostile user agent as text, and can be ended one by one`() async throws {
        try await withSite { site in
            let other = Browser(site, userAgent: Self.hostile)
            try await other.signIn("ada@example.com")
            site.clock.advance(.seconds(600))
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let home = try await browser.get("/account/sessions")
            #expect(home.body.contains("Last used 10 minutes ago"))
            #expect(
                home.body.contains(
                    "&quot;\u{301}&gt;&lt;img src=x onerror=alert(1)&gt;\u{338}&lt;\u{338}script&gt;&#39;{{7*7}}"
                )
            )
            #expect(!home.body.utf8.contains("<img src=x".utf8))
            #expect(!home.body.unicodeScalars.contains("\u{202E}"))
            let answer = try await browser.post(
                "/account/sessions/end",
                [("form_token", home.field("form_token")), ("session", home.field("session"))]
            )
            #expect(answer.location == "/account/sessions")
            let after = try await browser.get("/account/sessions")
            #expect(after.body.contains("That session has ended."))
            #expect(after.body.contains("You are not signed in anywhere else."))
            #expect(try await other.get("/account").location == "/sign-in")
        }
    }

    @Test
    func `All others end at once and this one stays`() async throws {
        try await withSite { site in
            let others = [Browser(site), Browser(site)]
            for other in others {
                try await other.signIn("ada@example.com")
                site.clock.advance(.seconds(90))
            }
            let browser = Browser(site)
            let home = try await browser.signIn("ada@example.com")
            #expect(home.body.contains("Signed in at 3 places"))
            _ = try await browser.post("/account/sessions/end-others", [("form_token", home.field("form_token"))])
            #expect(
                try await browser.get("/account/sessions").body.contains(
                    "All other sessions have ended, and their devices are forgotten."
                )
            )
            for other in others { #expect(try await other.get("/account").location == "/sign-in") }
        }
    }

    /// SECURITY EN-04.
    @Test
    func `Nobody ends another's session, and learns nothing by trying`() async throws {
        try await withSite { site in
            let ada = Browser(site)
            try await ada.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let adaAgain = Browser(site)
            try await adaAgain.signIn("ada@example.com")
            let id = try await adaAgain.get("/account/sessions").field("session")
            let eve = Browser(site)
            let home = try await eve.signIn("eve@example.com")
            let answer = try await eve.post(
                "/account/sessions/end",
                [("form_token", home.field("form_token")), ("session", id)]
            )
            #expect(answer.location == "/account/sessions")
            #expect(try await ada.get("/account").status == 200)
            let wrong = try await eve.post(
                "/account/sessions/end",
                [("form_token", home.field("form_token")), ("session", "nonsense")]
            )
            #expect(wrong.status == 400)
        }
    }

    @Test(arguments: [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone"
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "curl"),
        ("thing\u{202E}\u{7}", "thing"),
        ("", "Unknown device"),
        (" \u{200B} ", "Unknown device"),
    ])
    func `A user agent is put into words`(userAgent: String, words: String) throws {
        let texts = try TextCatalogue(files: SiteFiles()).english
        #expect(DeviceWords.words(for: userAgent, texts) == words)
    }
}

extension Sequence where Element == UInt8 {
    /// Whether some bytes stand in these, in a row.
    func contains(_ needle: some Collection<UInt8>) -> Bool {
        let bytes = Array(self)
        return bytes.indices.contains { bytes[$0...].starts(with: needle) }
    }
}
