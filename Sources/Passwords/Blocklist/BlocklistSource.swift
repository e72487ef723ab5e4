/// A list of passwords that an administrator brings.
package struct BlocklistSource: Sendable {
    /// How a line is written.
    package enum Kind: String, Sendable, CaseIterable {
        /// `SHA1HEX` or `SHA1HEX:count`, as the public lists of breached passwords are.
        case hashes
        /// A password in clear; lines that begin with `#!comment` are none.
        case passwords
    }

    package let path: String
    package let kind: Kind

    package init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// What a line stands for.
    enum Line: Equatable {
        case key(BlocklistKey)
        /// A password here it cannot be, or one seen too seldom.
        case skipped
        case malformed
    }

    /// Reads one line.
    func read(_ line: ArraySlice<UInt8>, minimumOccurrences: Int) -> Line {
        switch kind {
        case .hashes: Self.readHash(line, minimumOccurrences)
        case .passwords: Self.key(ofWord: line).map(Line.key) ?? .skipped
        }
    }

    /// The key of a line of a list in clear; nil for a comment and for what can be no password.
    static func key(ofWord line: ArraySlice<UInt8>) -> BlocklistKey? {
        line.starts(with: "#!comment".utf8) ? nil : BlocklistKey(listed: line)
    }

    private static let digitCount = 40

    private static func readHash(_ line: ArraySlice<UInt8>, _ minimumOccurrences: Int) -> Line {
        if line.isEmpty { return .skipped }
        var value: UInt64 = 0
        let digits = line.prefix(digitCount)
        guard digits.count == digitCount else { return .malformed }
        for (place, letter) in digits.enumerated() {
            guard let digit = hexadecimal(letter) else { return .malformed }
            if place < 2 * BlocklistKey.count { value = value << 4 | UInt64(digit) }
        }
        guard let colon = line.dropFirst(digitCount).first else { return .key(BlocklistKey(value)) }
        guard colon == UInt8(ascii: ":"), let count = decimal(line.dropFirst(digitCount + 1)) else { return .malformed }
        return count < minimumOccurrences ? .skipped : .key(BlocklistKey(value))
    }

    private static func hexadecimal(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): letter - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// A number of one to eighteen digits.
    private static func decimal(_ letters: ArraySlice<UInt8>) -> Int? {
        guard (1...18).contains(letters.count) else { return nil }
        var number = 0
        for letter in letters {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter) else { return nil }
            number = number * 10 + Int(letter - UInt8(ascii: "0"))
        }
        return number
    }
}
