import InternationalNames

/// A login name: as it was written, and its key by RFC 8265's UsernameCaseMapped profile.
package struct Username: Sendable, Hashable {
    /// As it was written.
    package let value: String
    /// Width-mapped, lower case, NFC.
    package let canonical: [UInt8]

    /// Reads a name of 1 to 100 characters.
    ///
    /// Nil for what the profile refuses, and for what could be an address: anything with `@`, or beginning with `+`.
    package init?(_ text: String) {
        guard (1...400).contains(text.utf8.count), let key = Self.key(of: text) else { return nil }
        let scalars = key.unicodeScalars
        guard (1...100).contains(scalars.count), !scalars.contains("@"), scalars.first != "+",
            Self.obeysBidiRule(scalars)
        else { return nil }
        value = text
        canonical = Array(key.utf8)
    }

    /// Preparation and the rules in the order of RFC 8265 section 3.3: width, characters, case, normalisation.
    ///
    /// Characters are checked before and after: KELVIN SIGN has a lower case that looks harmless.
    private static func key(of text: String) -> String? {
        guard let wide = widthMapped(text), wide.unicodeScalars.allSatisfy(isIdentifierCharacter) else { return nil }
        var lower = String.UnicodeScalarView()
        for scalar in wide.unicodeScalars {
            lower.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        }
        guard let key = String(lower).normalized(.nfc), key.unicodeScalars.allSatisfy(isIdentifierCharacter) else {
            return nil
        }
        return key
    }

    /// Full-width and half-width forms become their ordinary ones; nothing else is mapped.
    private static func widthMapped(_ text: String) -> String? {
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if (0xFF01...0xFFEE).contains(scalar.value) {
                guard let ordinary = String(scalar).normalized(.nfkc) else { return nil }
                mapped.append(contentsOf: ordinary.unicodeScalars)
            } else {
                mapped.append(scalar)
            }
        }
        return String(mapped)
    }

    /// IdentifierClass of RFC 8264 section 4.2, without the characters that are allowed in some contexts only.
    private static func isIdentifierCharacter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x21...0x7E).contains(scalar.value) }
        if scalar.isInvisible || isOldHangulJamo(scalar) { return false }
        guard String(scalar).normalized(.nfkc).map({ Array($0.utf8) }) == Array(String(scalar).utf8) else {
            return false
        }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark:
            return true
        // Arabic-Indic digits depend on context (RFC 5892 appendix A.8 and A.9).
        case .decimalNumber: return !(0x660...0x669).contains(scalar.value) && !(0x6F0...0x6F9).contains(scalar.value)
        default: return false
        }
    }

    private static func isOldHangulJamo(_ scalar: Unicode.Scalar) -> Bool {
        (0x1100...0x11FF).contains(scalar.value) || (0xA960...0xA97F).contains(scalar.value)
            || (0xD7B0...0xD7FF).contains(scalar.value)
    }
}
