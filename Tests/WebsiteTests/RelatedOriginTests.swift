import Testing

@testable import Website

/// SECURITY WO-08: which other sites' pages may use the passkeys.
struct RelatedOriginTests {
    private static let path = "/.well-known/webauthn"

    @Test func `the document names the configured origins, and may be kept for an hour`() async throws {
        let origins = ["https://example.com", "https://example.de:8443"]
        try await withSite(configuration: { $0.relatedOrigins = origins }) { site in
            let page = try await Browser(site).get(Self.path)
            #expect(page.status == 200)
            #expect(page.all("content-type") == ["application/json"])
            #expect(page.all("cache-control") == ["public, max-age=3600"] && page.all("set-cookie").isEmpty)
            #expect(page.all("x-content-type-options") == ["nosniff"])
            #expect(page.body == #"{"origins":["https://example.com","https://example.de:8443"]}"#)
            let head = try await Browser(site).send("HEAD", Self.path, [], body: nil)
            #expect(head.status == 200 && head.body.isEmpty)
            let post = try await Browser(site).send("POST", Self.path, [], body: nil)
            #expect(post.status == 405)
        }
    }

    @Test func `a site that is alone has no such document`() async throws {
        try await withSite { site in
            let page = try await Browser(site).get(Self.path)
            #expect(page.status == 404)
        }
    }

    @Test func `the site itself is named first where browsers reach it over TLS`() throws {
        let site = try PublicOrigin("https://login.example.org")
        let answer = try #require(try RelatedOrigins.answer(site: site, others: ["https://example.com"]))
        let text = #"{"origins":["https://login.example.org","https://example.com"]}"#
        #expect(String(decoding: answer.body, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "http://localhost", "https://Example.com", "https://example.com/", "https://example.com/path", "example.com",
        "https://example.com\",\"https://evil.example", "",
    ])
    func `what is no https origin stops the start`(origin: String) throws {
        let site = try PublicOrigin("https://login.example.org")
        #expect(throws: WebsiteConfigurationError.self) { try RelatedOrigins.answer(site: site, others: [origin]) }
    }
}
