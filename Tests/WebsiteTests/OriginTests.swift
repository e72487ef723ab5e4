import Testing

@testable import Website

/// Which names the site answers to.
struct OriginTests {
    @Test
    func `A port that is not known yet names nobody, and then only itself`() throws {
        let waiting = try PublicOrigin("http://localhost:0")
        for name in ["localhost", "localhost:0", "localhost:80", "localhost:5000"] {
            #expect(!waiting.isNamed(by: name))
        }
        let bound = waiting.bound(to: 5000)
        #expect(bound.text == "http://localhost:5000")
        #expect(bound.isNamed(by: "localhost:5000"))
        #expect(!bound.isNamed(by: "localhost:5001") && !bound.isNamed(by: "localhost"))
        // A port that was configured stays: a proxy may stand before the listener.
        #expect(try PublicOrigin("https://id.example.com").bound(to: 5000).text == "https://id.example.com")
        #expect(waiting.bound(to: 70_000) == waiting)
    }

    @Test(arguments: ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST:8080"])
    func `In development every name of the own machine is the site's`(name: String) throws {
        #expect(try PublicOrigin("http://localhost:8080").isNamed(by: name))
        #expect(try PublicOrigin("http://127.0.0.1:8080").isNamed(byOrigin: "http://" + name.lowercased()))
        #expect(try !PublicOrigin("https://localhost:8080").isNamed(by: "127.0.0.1:8080"))
        #expect(try !PublicOrigin("https://id.example.com:8080").isNamed(by: name))
    }

    @Test
    func `A page opened by number signs in like one opened by name`() async throws {
        try await withSite { site in
            let host = ("Host", "127.0.0.1:\(site.port)")
            let browser = Browser(site)
            let page = try await browser.get("/sign-in", [host])
            #expect(page.status == 200)
            let fields = [("form_token", try page.field("form_token")), ("identifier", "ada@example.com")]
            let own = [host, ("Sec-Fetch-Site", "same-origin"), ("Origin", "http://127.0.0.1:\(site.port)")]
            #expect(try await browser.post("/sign-in", fields, headers: own).location == "/sign-in/code")
            let other = [host, ("Origin", "http://127.0.0.1:\(site.port + 1)")]
            #expect(try await browser.post("/sign-in", fields, headers: other).status == 403)
        }
    }
}
