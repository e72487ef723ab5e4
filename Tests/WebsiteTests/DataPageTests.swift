import JSON
import Mail
import MariaDB
import Testing

@testable import Identity
@testable import Website

/// Downloading one's data, leaving, and what happened to the account.
struct DataPageTests {
    @Test
    func `One's data is a file for oneself alone, five times a day`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for _ in 0..<5 {
                let file = try await browser.send(from: "/account/data", to: "/account/data/download")
                #expect(file.status == 200 && file["content-type"] == "application/json")
                #expect(file["content-disposition"] == "attachment; filename=\"account-2027-01-15.json\"")
                #expect(file["cache-control"] == "no-store")
                #expect(file.body.contains("ada@example.com") && !file.body.contains("ghs_"))
                #expect(throws: Never.self) { try JSONParser.parse(Array(file.body.utf8)) }
            }
            let refused = try await browser.send(from: "/account/data", to: "/account/data/download")
            #expect(refused.location == "/account/data")
            #expect(try await browser.get("/account/data").body.contains("Please try again tomorrow."))
        }
    }

    @Test
    func `A download long after signing in asks for a proof, and nothing is sent`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            site.clock.advance(.seconds(700))
            let answer = try await browser.send(from: "/account/data", to: "/account/data/download")
            #expect(answer.location == "/account/confirm?return_to=/account/data" && answer.body.isEmpty)
        }
    }

    @Test
    func `Who leaves is signed out everywhere, and comes back by the link in the mail`() async throws {
        try await withSite { site in
            let other = Browser(site)
            try await other.signIn("ada@example.com")
            site.clock.advance(.seconds(90))
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            let page = try await browser.get("/account/delete")
            #expect(page.body.contains("After 7 days your profile"))
            let left = try await browser.send(from: "/account/delete")
            #expect(left.location == "/account/deleted" && left["clear-site-data"] != nil)
            #expect(browser.cookies[Browser.session] == nil)
            #expect(try await browser.get("/account/deleted").body.contains("Your account will be deleted"))
            for gone in [browser, other] { #expect(try await gone.get("/account").location == "/sign-in") }
            let link = try await site.link(to: "ada@example.com")
            #expect(link.hasPrefix("/undelete?token=ghr_"))
            let elsewhere = Browser(site)
            // A look, such as that of a mail scanner, uses nothing up.
            for _ in 1...2 {
                #expect(try await elsewhere.get(link).location == "/undelete")
                #expect(try await elsewhere.get("/undelete").body.contains("Keep my account"))
            }
            #expect(try await elsewhere.send(from: "/undelete").location == "/undelete/done")
            #expect(try await elsewhere.get("/undelete/done").body.contains("Your account stays"))
            _ = try await elsewhere.get(link)
            #expect(try await elsewhere.get("/undelete").body.contains("This link is no longer good"))
            site.clock.advance(.seconds(90))
            try await Browser(site).signIn("ada@example.com")
        }
    }

    @Test
    func `A link that is none says so, and presses in vain`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            for token in ["", "ghr_", "ghr_AAAA", "ghu_x", "\"\u{301}><script>"] {
                _ = try await browser.get("/undelete?token=" + Browser.encode(token))
                let page = try await browser.get("/undelete")
                #expect(page.body.contains("This link is no longer good"))
                HostileTexts.check(page.body)
            }
        }
    }

    @Test
    func `What happened is told in sentences, in pages, to its owner`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            try await browser.signIn("ada@example.com")
            for index in 0..<30 {
                site.clock.advance(.seconds(1))
                _ = try await browser.send([("p.name", "Ada \(index)")], from: "/account/profile")
            }
            let first = try await browser.get("/account/activity")
            #expect(first.body.contains("The profile was changed.") && first.body.contains("2027-01-15 08:00 UTC"))
            #expect(!first.body.contains("Your account was made."))
            let older = try #require(first.body.firstMatch(of: #/href="(\/account\/activity\?page=[A-Za-z0-9_-]+)"/#)).1
            let second = try await browser.get(String(older))
            #expect(second.body.contains("Your account was made.") && second.body.contains(">Newest</a>"))
            let eve = Browser(site)
            try await eve.signIn("eve@example.com")
            #expect(try await eve.get(String(older)).status == 400)
        }
    }

    @Test
    func `Whatever a person can see of the trail has its sentence`() throws {
        let texts = try TextCatalogue(files: SiteFiles()).english
        // About nobody, or not for the person: made with what is told already.
        let silent: Set<AuditEventKind> = [
            .userErased, .usersExported, .invitationCreated, .invitationSent, .invitationRevoked, .profileSchemaChanged,
            .signInMoreDemanded, .sessionCreated, .roleCreated, .roleUpdated, .roleDeleted, .groupCreated,
            .groupUpdated, .groupDeleted, .groupNested, .groupUnnested, .callerRefused, .serviceAccountCreated,
            .serviceAccountUpdated, .serviceAccountDeleted, .serviceTokenCreated, .serviceTokenRevoked, .bootstrapped,
            .administratorRecovered, .auditViewed, .applicationCreated, .applicationUpdated, .applicationDeleted,
            .providerCreated, .providerUpdated, .providerDeleted,
        ]
        for kind in AuditEventKind.allCases where !silent.contains(kind) {
            #expect(texts.ids.contains("activity." + ActivityWords.id(of: kind)), "\(kind)")
        }
    }
}

extension SiteWorld {
    /// The path of the link that was mailed to an address last.
    func link(to address: String) async throws -> String {
        await OutboxWorker(core.parts) { _ in }.deliverDue()
        let lines = post.messages.filter { $0.to.text == address }.flatMap { $0.text.split(separator: "\n") }
        let line = try #require(lines.last { $0.contains("?token=") })
        return String(try #require(line.firstMatch(of: #/https?:\/\/[^\/]+(\/.*)/#)).1)
    }
}
