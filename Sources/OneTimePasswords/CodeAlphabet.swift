package import Cryptography

/// The letters one-time codes are made of, and how people's spellings of them are read.
package enum CodeAlphabet: String, Sendable, CaseIterable {
    /// Crockford's base 32: digits and capital letters without I, L, O and U; five bits a letter.
    case crockford32
    /// The digits 0 to 9.
    case decimal

    private static let crockfordLetters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let decimalLetters = Array("0123456789".utf8)

    /// The letters, ASCII, each as likely as the other in a code.
    package var letters: [UInt8] {
        switch self {
        case .crockford32: Self.crockfordLetters
        case .decimal: Self.decimalLetters
        }
    }

    /// A new code of `length` letters in canonical form, uniform and with leading zeros kept.
    package func makeCode(length: Int, random: any RandomSource) -> SecretBytes {
        let letters = letters
        let bound = UInt32(clamping: letters.count)
        // In place: an array of the letters would stay in memory after the code is gone (SECURITY KEY-05).
        return SecretBytes(count: length) { code in
            for place in code.indices { code[place] = letters[Int(random.uniform(below: bound))] }
        }
    }

    /// The longest input that is read, in bytes.
    private static let maximumInputBytes = 64

    /// The canonical form of what a person typed; nil when a byte in it can be no letter of a code.
    ///
    /// The caller checks the length. ASCII spaces and hyphens are dropped. Crockford codes fold case and read O as 0,
    /// I and L as 1; U is refused. Everything else, also digits of other scripts, signs and combining marks, is
    /// refused: the bytes count, not the characters.
    package func canonical(_ input: some Collection<UInt8>) -> [UInt8]? {
        guard input.count <= Self.maximumInputBytes else { return nil }
        var code: [UInt8] = []
        for byte in input where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "-") {
            guard let letter = letter(for: byte) else { return nil }
            code.append(letter)
        }
        return code
    }

    /// The canonical form of typed text; nil as above.
    package func canonical(_ text: String) -> [UInt8]? {
        canonical(Array(text.utf8))
    }

    private func letter(for byte: UInt8) -> UInt8? {
        guard self == .crockford32 else { return letters.contains(byte) ? byte : nil }
        let isLowerCase = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        let upper = isLowerCase ? byte - 0x20 : byte
        switch upper {
        case UInt8(ascii: "O"): return UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return UInt8(ascii: "1")
        default: return letters.contains(upper) ? upper : nil
        }
    }

    /// A canonical code as it is shown, in groups: `ABCD-EFGH`.
    package func display(_ code: some Collection<UInt8>, groupsOf size: Int = 4) -> String {
        var shown: [UInt8] = []
        for (index, letter) in code.enumerated() {
            if index > 0, index % size == 0 { shown.append(UInt8(ascii: "-")) }
            shown.append(letter)
        }
        return String(decoding: shown, as: UTF8.self)
    }
}
