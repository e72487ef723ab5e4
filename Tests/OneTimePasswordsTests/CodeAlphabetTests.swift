import Cryptography
import OneTimePasswords
import Testing

struct CodeAlphabetTests {
    @Test(arguments: [
        ("ABCDEFGH", "ABCDEFGH"), ("abcd-efgh", "ABCDEFGH"), (" ab cd--ef gh ", "ABCDEFGH"), ("oO0iIlL1", "00011111"),
        ("0123-4567", "01234567"), ("", ""),
    ])
    func `Crockford codes are read as people write them`(typed: String, canonical: String) {
        #expect(CodeAlphabet.crockford32.canonical(typed) == Array(canonical.utf8))
    }

    @Test(arguments: [
        "ABCDEFGU", "ABCDEFG\u{301}", "\u{FF21}BCDEFGH", "ABCD\r\nEFGH", "ABCD\tEFGH", "ABCD_EFGH", "ABCD\u{2010}EFGH",
        "ABCD\u{A0}EFGH", "\u{212A}BCDEFGH", String(repeating: "-", count: 65),
    ])
    func `What no letter of a Crockford code is, is refused`(typed: String) {
        #expect(CodeAlphabet.crockford32.canonical(typed) == nil)
    }

    @Test(arguments: [
        "+12345", "-1234a", "\u{FF0B}12345", "١٢٣٤٥٦", "１２３４５６", "12345\u{301}6", "12.456", "0x1234",
        "12345\r\n6", "12345\u{200B}6", "123\u{A0}456", "123\u{2013}456", "12345\0", "\u{1D7CF}23456",
        "12345\u{20E3}6", "1e5", "१२३४५६", "\u{FEFF}123456", "123456\n", "\u{202E}123456",
    ])
    func `Only ASCII digits are digits`(typed: String) {
        #expect(CodeAlphabet.decimal.canonical(typed) == nil)
    }

    @Test func `Spellings of one code share one canonical form`() {
        let forms = ["012 345", "012-345", " 012345", "0 1 2 3 4 5"].map { CodeAlphabet.decimal.canonical($0) }
        #expect(Set(forms) == [Array("012345".utf8)])
    }

    @Test func `A digit more or less is another code, never a shortened one`() {
        let right = CodeAlphabet.decimal.canonical("123456")
        for typed in ["0123456", "1234560", "12345", "1234567"] {
            #expect(CodeAlphabet.decimal.canonical(typed) == Array(typed.utf8))
            #expect(CodeAlphabet.decimal.canonical(typed) != right)
        }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `Every byte is a letter, a mark that is dropped, or refused`(byte: UInt8) {
        let text = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyzoOiIlL -".utf8)
        #expect((CodeAlphabet.crockford32.canonical([byte]) != nil) == text.contains(byte))
        #expect((CodeAlphabet.decimal.canonical([byte]) != nil) == Array("0123456789 -".utf8).contains(byte))
    }

    @Test func `Every case and grouping of a recovery code is one code`() {
        let code = Array("AB1D0FGH".utf8)
        for typed in ["ab1d-0fgh", "AB1D 0FGH", "abidofgh", "ABLDOFGH", "-a-b-l-d-O-f-g-h-", "  Ab1d-0fGh  "] {
            #expect(CodeAlphabet.crockford32.canonical(typed) == code)
        }
    }

    @Test func `Codes are shown in groups`() {
        #expect(CodeAlphabet.crockford32.display(Array("ABCDEFGH".utf8)) == "ABCD-EFGH")
        #expect(CodeAlphabet.decimal.display(Array("123456".utf8), groupsOf: 3) == "123-456")
    }
}
