import Testing

@testable import Identity

/// SECURITY REC-06: one comparable form, computed once.
@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("Ada@Example.COM", "ada@example.com"),
        ("a.b+c@example.com", "a.b+c@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@faß.example", "ada@xn--fa-hia.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ADA@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("Дмитрий@example.com", "дмитрий@example.com"),
        ("jose\u{301}@example.com", "jos\u{E9}@example.com"),
        ("O'Brien!#$%&*@example.com", "o'brien!#$%&*@example.com"),
    ])
    func `spellings of one address have one key`(written: String, key: String) throws {
        let address = try #require(EmailAddress(written))
        #expect(address.canonical == Array(key.utf8))
        #expect(Array(address.value.utf8) == Array(written.utf8))
        #expect(address.domain.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@example.com", "a@b", "a@b@c.example", "victim@x.example,evil@y.example",
        "victim@x.example\u{0}@y.example", "a b@example.com", "a@exa mple.com", " a@example.com", "a@example.com ",
        "\"quoted\"@example.com", "a(comment)@example.com", "a@example.com(comment)", "<a@example.com>",
        "a\\b@example.com",
        "a:b@example.com", "a;b@example.com", "[a]@example.com", "a@[192.0.2.1]", "a@192.0.2.1", "a@[IPv6:::1]",
        "a@1.2.3.04",
        "a@example.com.", "a@.example.com", "a@example..com", ".a@example.com", "a.@example.com", "a..b@example.com",
        "a@-example.com", "a@example-.com", "a@exa_mple.com", "a\r\nb@example.com", "a\n@example.com",
        "a@example.com\r\nBcc: x",
        "a\u{7F}@example.com", "a\u{200B}b@example.com", "a@exam\u{200B}ple.com", "a\u{FEFF}@example.com",
        "a\u{202E}b@example.com", "a@exa\u{202E}mple.com", "a\u{AD}b@example.com", "a\u{2028}@example.com",
        "a\u{A0}b@example.com", "a@ex\u{AD}ample.com", "a\u{E000}@example.com", "a\u{3000}@example.com",
        "a@example\u{FF0E}com\u{3002}", "😀@example.com", "a＠example.com",
    ])
    func `what is no plain address is refused`(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    /// CVE-2019-19844 and F10: characters that fold or normalise to ASCII would let one person's address name another's.
    @Test(arguments: [
        "\u{212A}ate@example.com", "\u{17F}am@example.com", "stra\u{DF}e@example.com", "\u{FB01}x@example.com",
        "\u{130}da@example.com",
    ])
    func `a letter that would turn into ASCII never makes another's address`(text: String) {
        let address = EmailAddress(text)
        #expect(address == nil || address?.canonical.contains { $0 >= 0x80 } == true)
    }

    @Test func `a dotless i and an accent are other letters`() throws {
        let plain = try #require(EmailAddress("mike@example.com"))
        let dotless = try #require(EmailAddress("m\u{131}ke@example.com"))
        let accented = try #require(EmailAddress("m\u{ED}ke@example.com"))
        let cyrillic = try #require(EmailAddress("mik\u{435}@example.com"))
        #expect(Set([plain, dotless, accented, cyrillic].map(\.canonical)).count == 4)
    }

    @Test func `lengths are held at their limits`() {
        let local = String(repeating: "a", count: 64)
        #expect(EmailAddress(local + "@example.com") != nil)
        #expect(EmailAddress(local + "a@example.com") == nil)
        let label = String(repeating: "b", count: 63)
        #expect(EmailAddress("a@\(label).\(label).\(label).example") != nil)
        #expect(EmailAddress("a@\(label)b.example") == nil)
        #expect(EmailAddress("a@\(label).\(label).\(label).\(label).example") == nil)
        #expect(EmailAddress(String(repeating: "a", count: 100_000) + "@example.com") == nil)
    }
}
