import Identity
import Testing

@testable import Website

struct AddressTests {
    @Test(arguments: [
        (["203.0.113.9"], "192.0.2.1", "192.0.2.1"),
        ([], "10.0.0.1", "10.0.0.1"),
        (["203.0.113.9"], "10.0.0.1", "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9"], "10.0.0.1", "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9, 10.0.0.2"], "10.0.0.1", "203.0.113.9"),
        (["6.6.6.6, nonsense"], "10.0.0.1", "10.0.0.1"),
        (["6.6.6.6, nonsense, 10.0.0.2"], "10.0.0.1", "10.0.0.2"),
        (["203.0.113.9,"], "10.0.0.1", "10.0.0.1"),
        (["::ffff:203.0.113.9"], "10.0.0.1", "203.0.113.9"),
        (["203.0.113.9:80"], "10.0.0.1", "10.0.0.1"),
        (["2001:db8::1"], "10.0.0.1", "2001:db8::1"),
    ])
    func `The client is the rightmost address that is no proxy of ours`(
        forwardedFor: [String],
        peer: String,
        client: String
    ) throws {
        let addresses = try ClientAddress(trustedProxies: ["10.0.0.1", "10.0.0.2"])
        #expect(addresses.address(peer: peer, forwardedFor: forwardedFor)?.description == client)
    }

    @Test
    func `A forged header changes neither the address we note nor the budget`() async throws {
        try await withSite { site in
            let browser = Browser(site)
            let page = try await browser.get("/sign-in")
            let forged = Browser.own(site) + [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9")]
            let fields = [("form_token", try page.field("form_token")), ("identifier", "ada@example.com")]
            _ = try await browser.post("/sign-in", fields, headers: forged)
            _ = try await browser.typeCode(try await site.code(to: "ada@example.com"))
            let home = try await browser.get("/account/sessions")
            #expect(home.body.contains("127.0.0.1") && !home.body.contains("203.0.113.9"))
        }
    }

    @Test(arguments: [
        "", "localhost", "ftp://localhost", "http://example.com", "https://", "https://a b", "https://user@example.com",
        "https://example.com/path", "https://example.com:99999", "https://ex\u{e4}mple.com",
        "http://localhost.evil.test", "https://example.com?x", "http://127.example.com", "http://127.0.0.1.evil.test",
        "http://127.1", "http://128.0.0.1",
    ])
    func `An address that cannot be the site's is refused`(text: String) {
        #expect(throws: WebsiteConfigurationError.self) { try PublicOrigin(text) }
    }

    @Test
    func `Hosts and origins are compared as browsers write them`() throws {
        let origin = try PublicOrigin("https://ID.example.com/")
        #expect(origin.text == "https://id.example.com")
        for name in ["id.example.com", "Id.Example.Com:443"] { #expect(origin.isNamed(by: name)) }
        for name in ["id.example.com:80", "id.example.com.", "id.example.com@evil", "", "id.example.com:443:1"] {
            #expect(!origin.isNamed(by: name))
        }
        #expect(origin.isNamed(byOrigin: "https://id.example.com"))
        #expect(!origin.isNamed(byOrigin: "http://id.example.com"))
        let version6 = try PublicOrigin("http://[::1]:8080")
        #expect(version6.isNamed(by: "[::1]:8080") && !version6.isNamed(by: "[::1]"))
    }

    @Test
    func `A notice in a cookie is ours or nothing`() async throws {
        try await withSite { site in
            let seal = NoticeSeal(keyRing: site.core.keyRing)
            let sealed = try #require(seal.seal(Notice(.emailInvalid, typed: "ad\u{e4}")))
            #expect(seal.open(sealed) == Notice(.emailInvalid, typed: "ad\u{e4}"))
            for forged in [nil, "", "AAAA", String(sealed.dropLast(2)), sealed + "AA"] {
                #expect(seal.open(forged) == nil)
            }
            let long = try #require(seal.seal(Notice(.emailInvalid, typed: String(repeating: "a", count: 16_000))))
            #expect(SiteCookie.notice.setting(long).utf8.count < 4096)
        }
    }
}
