import Cryptography
import OneTimePasswords
import Testing

struct CodeAlphabetTests {
    private func text(_ code: SecretBytes) -> [UInt8] {
        code.withBytes { Array($0) }
    }

    @Test(arguments: CodeAlphabet.allCases)
    func `Codes are uniform at every place and keep leading zeros`(alphabet: CodeAlphabet) {
        let (length, codes) = (6, 100_000)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: length)
        for _ in 0..<codes {
            let code = text(alphabet.makeCode(length: length, random: SystemRandom()))
            #expect(code.count == length)
            for (place, letter) in code.enumerated() { counts[place][Int(letter)] += 1 }
        }
        let expected = Double(codes) / Double(alphabet.letters.count)
        for place in counts {
            let chiSquare = alphabet.letters.reduce(0.0) { sum, letter in
                let difference = Double(place[Int(letter)]) - expected
                return sum + difference * difference / expected
            }
            // Mean is the number of letters less one; a bias of modulo 10 or 32 would give thousands.
            #expect(chiSquare < Double(alphabet.letters.count) * 3 + 20)
            #expect(place[0x30] > 0)
        }
    }

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

    @Test(arguments: ["+12345", "-1234a", "\u{FF0B}12345", "١٢٣٤٥٦", "１２３４５６", "12345\u{301}6", "12.456", "0x1234"])
    func `Only ASCII digits are digits`(typed: String) {
        #expect(CodeAlphabet.decimal.canonical(typed) == nil)
    }

    @Test func `Spellings of one code share one canonical form`() {
        let forms = ["012 345", "012-345", " 012345", "0 1 2 3 4 5"].map { CodeAlphabet.decimal.canonical($0) }
        #expect(Set(forms) == [Array("012345".utf8)])
    }

    @Test func `Codes are shown in groups`() {
        #expect(CodeAlphabet.crockford32.display(Array("ABCDEFGH".utf8)) == "ABCD-EFGH")
        #expect(CodeAlphabet.decimal.display(Array("123456".utf8), groupsOf: 3) == "123-456")
    }
}
