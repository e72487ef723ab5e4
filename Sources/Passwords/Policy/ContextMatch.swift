/// Whether a password is made of context words and trivial additions.
///
/// Compared without case, width and signs. The words may stand in any order and number, and be written with the usual
/// digits and signs for letters (`g4teh0use`, `@lice`). Trivial are signs and digits, any number of them, and at most two
/// more letters. A word of digits alone counts only where it is the whole password. So `Gatehouse2026!` and
/// `alice.smith+xy` are made of such words; `alice likes trains` is not.
struct ContextMatch {
    private static let trivialLetters = 2

    private let readings: [[Unicode.Scalar]]

    init(_ password: String) {
        let scalars = ComparableText.scalars(of: password)
        let plain = scalars.filter(\.isWordPart)
        let spoken = scalars.compactMap { Self.signs[$0] ?? ($0.isWordPart ? $0 : nil) }
        readings = plain == spoken ? [plain] : [plain, spoken]
    }

    /// Whether the password is made of some of the words.
    func isMade(of words: [ContextWord]) -> Bool {
        readings.contains { reading in
            words.contains { $0.scalars == reading }
                || Self.isMade(reading, of: words.filter { !$0.isNumber }.map(\.scalars))
        }
    }

    /// Whether one of the words stands in the password.
    func mentions(_ words: [ContextWord]) -> Bool {
        readings.contains { reading in
            words.contains { word in
                reading.indices.contains { end in
                    word.scalars.count <= end + 1 && Self.isWritten(word.scalars, in: reading, endingAt: end)
                }
            }
        }
    }

    /// Looks for the cover by words that leaves the fewest letters, at least one word being used.
    private static func isMade(_ reading: [Unicode.Scalar], of words: [[Unicode.Scalar]]) -> Bool {
        // By how many scalars were looked at: letters left over without a word so far, and with one.
        var bare = [0]
        var covered = [Int.max]
        for end in reading.indices {
            let cost = reading[end].properties.numericType == nil ? 1 : 0
            bare.append(bare[end] + cost)
            var best = covered[end] == .max ? Int.max : covered[end] + cost
            for word in words where word.count <= end + 1 && isWritten(word, in: reading, endingAt: end) {
                let before = end + 1 - word.count
                best = min(best, bare[before], covered[before])
            }
            covered.append(best)
        }
        return covered[reading.count] <= trivialLetters
    }

    private static func isWritten(_ word: [Unicode.Scalar], in reading: [Unicode.Scalar], endingAt end: Int) -> Bool {
        let start = end + 1 - word.count
        return word.indices.allSatisfy { index in
            let scalar = reading[start + index]
            return scalar == word[index] || digits[scalar]?.contains(word[index]) == true
        }
    }

    private static let signs: [Unicode.Scalar: Unicode.Scalar] = ["@": "a", "$": "s", "!": "i"]

    private static let digits: [Unicode.Scalar: Set<Unicode.Scalar>] = [
        "0": ["o"], "1": ["i", "l"], "3": ["e"], "4": ["a"], "5": ["s"], "7": ["t"], "8": ["b"], "9": ["g"],
    ]
}
