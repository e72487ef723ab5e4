internal import InternationalNames

/// A word that a guesser would try first with one user.
package struct ContextWord: Sendable, Hashable {
    /// Where it comes from.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// The user's own user name, address or number, or a part of it.
        case identifier
        /// The user's name, or a part of it.
        case name
        /// The site's or its operator's.
        case site
    }

    let kind: Kind
    /// Letters and digits in comparable form.
    let scalars: [Unicode.Scalar]

    /// Whether it is made of digits alone, such as a phone number.
    var isNumber: Bool { scalars.allSatisfy { $0.properties.numericType != nil } }

    /// Most words that are looked for in one password, and the longest, so that a review costs little whatever the profile.
    static let maximumCount = 64
    static let longest = 128
    private static let longestText = 1024

    /// The words of some texts: each text as a whole, its parts between signs, and its runs of letters.
    ///
    /// A word has at least three code points, or two where it is not of ASCII alone.
    static func words(of texts: [String], kind: Kind) -> [ContextWord] {
        var found: [ContextWord] = []
        for text in texts where found.count < maximumCount {
            let folded = ComparableText.scalars(of: String(text.unicodeScalars.prefix(longestText)))
            let parts = folded.split { !$0.isWordPart }
            let runs = folded.split { !$0.isWordPart || $0.properties.numericType != nil }
            for scalars in [folded.filter(\.isWordPart)] + (parts + runs).map(Array.init) {
                let least = scalars.allSatisfy(\.isASCII) ? 3 : 2
                let word = ContextWord(kind: kind, scalars: scalars)
                guard found.count < maximumCount else { break }
                if (least...longest).contains(scalars.count), !found.contains(word) { found.append(word) }
            }
        }
        return found
    }
}

/// Texts in the form in which passwords and context words are compared.
enum ComparableText {
    /// Case, width and composition taken away: NFKC, case-folded, NFKC.
    static func scalars(of text: String) -> [Unicode.Scalar] {
        guard let compatible = text.normalized(.nfkc), let folded = compatible.caseFolded.normalized(.nfkc) else {
            return Array(text.unicodeScalars)
        }
        return Array(folded.unicodeScalars)
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter, a mark on one, or a digit; all else are signs.
    var isWordPart: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
