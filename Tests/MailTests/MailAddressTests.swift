import Mail
import Testing

@Suite struct MailAddressTests {
    @Test(arguments: [
        "a@b", "first.last+tag@example.com", "o'neil@example.com", "jörg@bücher.example", "用户@例え.jp", "x@1.2.example",
    ])
    func `a plain address is taken as it is`(text: String) throws {
        let address = try #require(MailAddress(text))
        #expect(address.text.utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a", "a@b@c", "a b@c", "a@b c", "\"a\"@b", "a(comment)@b", "a,b@c", "victim@x,evil@y",
        "a;b@c", "<a@b>", "a@[127.0.0.1]", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@.b", "a@b.", "a@-b", "a@b-", "a:b@c",
        "a\\b@c", "a@b_c", "a@b/c", "a@b%00",
    ])
    func `what is not one plain address is refused`(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test(arguments: [
        "a\r\n@b", "a@b\r\n", "a\n@b", "a\u{0}@b", "a@b\u{0}", "a\t@b", "a\u{7F}@b", "a\u{85}@b", "a\u{2028}@b",
        "a\u{A0}@b", "a\u{202E}@b", "a\u{FEFF}@b", "a\u{FFFD}@b", "a\"\u{301}@b", "a>\u{301}@b", "a@b\u{202E}c",
    ])
    func `control, invisible and combined metacharacters are refused`(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test func `length limits are counted in bytes`() {
        let label = String(repeating: "d", count: 63)
        let domain = [label, label, label, String(repeating: "d", count: 61)].joined(separator: ".")
        #expect(domain.utf8.count == 253)
        #expect(MailAddress(String(repeating: "l", count: 64) + "@" + domain) != nil)
        #expect(MailAddress(String(repeating: "l", count: 65) + "@" + domain) == nil)
        #expect(MailAddress("l@d" + domain) == nil)
        #expect(MailAddress(String(repeating: "é", count: 33) + "@b") == nil)
    }

    @Test func `an international domain gets its ASCII form`() throws {
        // The labels of RFC 3492 section 7.1 style examples that registries publish.
        #expect(try #require(MailAddress("a@bücher.example")).asciiDomain == "xn--bcher-kva.example")
        #expect(try #require(MailAddress("a@例え.jp")).asciiDomain == "xn--r8jz45g.jp")
        #expect(try #require(MailAddress("a@Example.COM")).asciiDomain == "Example.COM")
    }

    @Test func `only the local part asks for SMTPUTF8`() throws {
        #expect(try #require(MailAddress("jörg@example.com")).requiresSMTPUTF8)
        #expect(try !#require(MailAddress("joerg@bücher.example")).requiresSMTPUTF8)
    }

    @Test func `two Unicode spellings are two addresses`() throws {
        let composed = try #require(MailAddress("jos\u{E9}@b"))
        let decomposed = try #require(MailAddress("jose\u{301}@b"))
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }
}
