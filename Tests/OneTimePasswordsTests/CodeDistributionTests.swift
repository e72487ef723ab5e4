import Cryptography
import OneTimePasswords
import Testing

/// Uniformity of codes (SECURITY OTP-01), with a source that gives the same codes at every run.
struct CodeDistributionTests {
    private static let codes = 100_000
    private static let length = 6

    /// Pearson's statistic of how often each letter came, against equal shares.
    private func chiSquare(_ counts: [Int], of letters: [UInt8]) -> Double {
        let expected = Double(Self.codes) / Double(letters.count)
        return letters.reduce(0.0) { sum, letter in
            let difference = Double(counts[Int(letter)]) - expected
            return sum + difference * difference / expected
        }
    }

    // Critical values of chi-square at 0.1 % for 9 and 31 degrees of freedom.
    @Test(arguments: [(CodeAlphabet.decimal, 27.88), (.crockford32, 61.10)])
    func `A hundred thousand codes are uniform at every place and keep their length`(
        alphabet: CodeAlphabet,
        critical: Double
    ) {
        let random = SeededRandom(seed: 2024)
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: Self.length)
        var wrong = 0
        for _ in 0..<Self.codes {
            let code = alphabet.makeCode(length: Self.length, random: random).withBytes { Array($0) }
            // Leading zeros are kept, and what was made is read back as it is.
            if code.count != Self.length || alphabet.canonical(code) != code { wrong += 1 }
            for (place, letter) in code.enumerated() { counts[place][Int(letter)] += 1 }
        }
        #expect(wrong == 0)
        for place in counts {
            #expect(chiSquare(place, of: alphabet.letters) < critical)
            #expect(alphabet.letters.reduce(0) { $0 + place[Int($1)] } == Self.codes)
        }
        #expect(counts[0][Int(UInt8(ascii: "0"))] > 0)
    }

    @Test func `The same measure notices the bias of a byte modulo ten`() {
        let letters = CodeAlphabet.decimal.letters
        var counts = [Int](repeating: 0, count: 256)
        for byte in SeededRandom(seed: 2024).bytes(Self.codes) { counts[Int(letters[Int(byte) % 10])] += 1 }
        #expect(chiSquare(counts, of: letters) > 27.88)
    }

    @Test func `A code of zeros keeps all of them`() {
        struct Zeros: RandomSource {
            func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
            func secret(_ count: Int) -> SecretBytes { SecretBytes(copying: bytes(count)) }
        }
        let code = CodeAlphabet.decimal.makeCode(length: 6, random: Zeros())
        #expect(code.validatedUTF8String() == "000000")
        #expect(CodeAlphabet.decimal.canonical("000 000") == Array("000000".utf8))
    }
}
