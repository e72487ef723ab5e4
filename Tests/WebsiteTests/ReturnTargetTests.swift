import Testing

@testable import Website

struct ReturnTargetTests {
    @Test(arguments: [
        "", "//e", "/\\e", "/%09/e", "https:e", "http:///e", "https://good@e", "https://e\\@good", "/a/../../e",
        "/a/..//e",
        "javascript:alert(1)", "\u{1}//e", "/\u{1}e", "/%5ce", "/%5Ce", "/./\\e", "/.//e", "/./e", "/%2e/e",
        "/%2e%2e/e", "/%2f%2fe",
        "/%2fe", "/a%2f%2fe", "/a//e", "\\\\e", "/\\/e", " /e", "/ e", "/\te", "/\r\nLocation:e", "/%0d%0aX:e", "/%00",
        "/%7f", "/%",
        "/%4", "/%zz", "/%ff", "/\u{e9}", "e", "?x", "#x", "https://app.example.com", "https://app.example.com/cb?x=1",
        "HTTPS://app.example.com/cb", "https://app.example.com/cb ", "https://app.example.com/cb\u{301}",
    ])
    func `A target that could lead elsewhere is refused`(text: String) {
        #expect(ReturnTarget(text, allowed: ["https://app.example.com/cb"]) == nil)
    }

    @Test(arguments: [
        "/", "/account", "/account?tab=1&x=%C3%A9", "/a/b/", "/a?next=%2Faccount", "/a#part", "/a..b/c.d", "/@x",
        "/a%20b",
        "https://app.example.com/cb",
    ])
    func `A path of ours and an exact address of the list are taken`(text: String) {
        #expect(ReturnTarget(text, allowed: ["https://app.example.com/cb"])?.text == text)
    }

    @Test
    func `A target over the limit is refused`() {
        #expect(ReturnTarget("/" + String(repeating: "a", count: 999)) != nil)
        #expect(ReturnTarget("/" + String(repeating: "a", count: 1000)) == nil)
    }

    @Test
    func `Signing in leads to what was asked for if that is allowed, else home`() async throws {
        try await withSite(configuration: { $0.returnTargets = ["https://app.example.com/cb"] }) { site in
            let cases = [
                ("/account?x=1", "/account?x=1"), ("https://app.example.com/cb", "https://app.example.com/cb"),
                ("//evil.test", "/account"), ("https://evil.test/", "/account"),
            ]
            for (index, (wanted, reached)) in cases.enumerated() {
                let browser = Browser(site)
                let page = try await browser.get("/sign-in?return_to=" + Browser.encode(wanted))
                #expect(
                    page["content-security-policy"]?.contains("form-action 'self' https://app.example.com;") == true
                )
                let target = try page.field("return_to")
                #expect(target == (wanted == reached ? wanted : ""))
                let address = "user\(index)@example.com"
                // What a form says is checked again.
                let fields = [
                    ("form_token", try page.field("form_token")), ("identifier", address), ("return_to", wanted),
                ]
                _ = try await browser.post("/sign-in", fields)
                #expect(try await browser.typeCode(try await site.code(to: address)).location == reached)
                #expect(try await browser.get("/sign-in?return_to=" + Browser.encode(wanted)).location == reached)
            }
        }
    }
}
