import OutboundHTTP
import Testing

struct OutboundURLTests {
    @Test
    func `an address is read into its parts`() throws {
        let url = try #require(OutboundURL("HTTPS://Login.Example.com:8443/a/b?c=d%20e"))
        #expect(url.isSecure && url.host == "login.example.com" && url.port == 8443 && url.target == "/a/b?c=d%20e")
        #expect(url.description == "https://login.example.com:8443/a/b?c=d%20e")
        #expect(OutboundURL("https://example.com")?.description == "https://example.com/")
        #expect(OutboundURL("https://example.com:443/x")?.origin == "https://example.com")
        #expect(OutboundURL("http://[::1]:80?x")?.description == "http://[::1]/?x")
    }

    @Test(arguments: [
        "", "https://", "https:example.com", "https:///example.com", "//example.com", "ftp://example.com",
        "https://good.example@evil.example", "https://evil.example\\@good.example",
        "https://good.example\\.evil.example",
        "https://exa%00mple.com", "https://exam ple.com", "https://example.com/\u{0}",
        "https://example.com/\r\nHost: x",
        "https://example.com#fragment", "https://ⓔxample.com", "https://example.com:0", "https://example.com:65536",
        "https://example.com:", "https://example.com:+443", "https://example.com:443:443", "https://-a.example",
        "https://a..example", "https://.example", "https://[::1", "https://[::1]x", "https://[127.0.0.1]/",
        "https://[::1%25lo]/", "https://exa_mple.com", "javascript:alert(1)",
    ])
    func `what two parsers could read differently is refused`(text: String) {
        #expect(OutboundURL(text) == nil)
    }

    @Test
    func `an address is at most 2048 bytes`() {
        let start = "https://example.com/"
        #expect(OutboundURL(start + String(repeating: "a", count: 2048 - start.utf8.count)) != nil)
        #expect(OutboundURL(start + String(repeating: "a", count: 2049 - start.utf8.count)) == nil)
    }
}
