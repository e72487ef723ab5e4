import InternationalNames
import Testing

@testable import Identity

@Suite struct LoginNameTests {
    @Test(arguments: [
        ("+49 (170) 123-45.67", "+491701234567"), ("+6834000", "+6834000"), ("+123456789012345", "+123456789012345"),
    ])
    func `a telephone number is plus and digits`(written: String, key: String) throws {
        let number = try #require(PhoneNumber(written))
        #expect(number.canonical == Array(key.utf8))
        #expect(number.value == written)
    }

    @Test(arguments: [
        "", "+", "491701234567", "+0491701234567", "+123456", "+1234567890123456", "+49170123456x",
        "+49\u{A0}1701234567",
        "+４９１７０１２３４５６７", "+٤٩١٧٠١٢٣٤٥٦٧", "++491701234567", "+49 170 1234567\u{0}", "tel:+491701234567",
        "+49170123456\n",
        "+" + String(repeating: " ", count: 50) + "491701234567",
    ])
    func `what is no international number is refused`(text: String) {
        #expect(PhoneNumber(text) == nil)
    }

    /// RFC 8265 section 3.5, table of examples and others.
    @Test(arguments: [
        ("juliet", "juliet"), ("Juliet", "juliet"), ("fußball", "fußball"), ("fussball", "fussball"), ("π", "π"),
        ("Σ", "σ"),
        ("ｊｕｌｉｅｔ", "juliet"), ("henri.iv", "henri.iv"), ("ada_1", "ada_1"), ("e\u{301}mile", "émile"),
        ("עברית1", "עברית1"),
    ])
    func `a user name is mapped as UsernameCaseMapped says`(written: String, key: String) throws {
        let name = try #require(Username(written))
        #expect(name.canonical == Array(key.utf8))
    }

    @Test(arguments: [
        "", "foo bar", "a@example.com", "＠x", "+491701234567", "henriⅣ", "♚", "\u{212A}", "ﬁx", "a\u{200D}b", "a\u{0}",
        "a\n",
        "a\u{202E}b", "\u{200B}", "aעברית", "1עברית", "a\u{301}\u{200B}", "\u{E000}", "٠١٢", "a\u{AD}b",
        "\u{1100}\u{1161}",
    ])
    func `what the profile refuses is no user name`(text: String) {
        #expect(Username(text) == nil)
    }

    @Test func `a user name has at most a hundred characters`() {
        #expect(Username(String(repeating: "ä", count: 100)) != nil)
        #expect(Username(String(repeating: "ä", count: 101)) == nil)
    }

    @Test func `folding is stable and the same for all cases of a letter`() {
        var failures: [String] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let folded = scalar.caseFolded
            if folded.caseFolded.utf8.elementsEqual(folded.utf8) == false {
                failures.append("U+\(String(value, radix: 16))")
            }
            if scalar.isASCII { continue }
            let lower = scalar.properties.lowercaseMapping
            if scalar.properties.changesWhenCaseFolded, !lower.caseFolded.utf8.elementsEqual(folded.utf8) {
                failures.append("lower of U+\(String(value, radix: 16))")
            }
        }
        #expect(failures.isEmpty, "\(failures.prefix(20))")
    }

    /// CaseFolding.txt of Unicode, status C and F.
    @Test(arguments: [
        ("A", "a"), ("ß", "ss"), ("ẞ", "ss"), ("ſ", "s"), ("\u{212A}", "k"), ("Σ", "σ"), ("ς", "σ"), ("İ", "i\u{307}"),
        ("ı", "ı"),
        ("ﬃ", "ffi"), ("ŉ", "\u{2BC}n"), ("ǅ", "ǆ"), ("\u{13A0}", "\u{13A0}"), ("\u{AB70}", "\u{13A0}"),
        ("\u{345}", "ι"), ("ᾳ", "αι"),
        ("ϴ", "θ"), ("ϐ", "β"), ("µ", "μ"), ("\u{1C80}", "в"),
    ])
    func `folding follows the table`(text: String, folded: String) {
        #expect(Array(text.caseFolded.utf8) == Array(folded.utf8))
    }
}
