import InternationalNames

/// An e-mail address: as it was written, and the key by which two spellings are one (SECURITY REC-06).
///
/// The key is computed once, by us: local part in NFC and folded, domain by UTS 46. Look-alikes stay distinct. What would
/// make two mailboxes one (KELVIN SIGN for `k`, LONG S for `s`, `ß` for `ss`), comments, quotes, a second `@`, white space,
/// controls and characters that cannot be seen are refused.
package struct EmailAddress: Sendable, Hashable {
    /// As it was written; mail goes here.
    package let value: String
    /// The lookup key, with one `@`.
    package let canonical: [UInt8]

    /// Reads an address of 3 to 320 characters; nil for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (3...1000).contains(bytes.count), text.unicodeScalars.count <= 320,
            let at = bytes.firstIndex(of: UInt8(ascii: "@")), bytes.lastIndex(of: UInt8(ascii: "@")) == at,
            let local = String(validating: bytes[..<at], as: UTF8.self),
            let host = String(validating: bytes[(at + 1)...], as: UTF8.self),
            let localKey = Self.key(ofLocalPart: local), let domain = DomainName(host)
        else { return nil }
        value = text
        canonical = Array(localKey.utf8) + [UInt8(ascii: "@")] + Array(domain.ascii.utf8)
    }

    /// The domain in ASCII.
    package var domain: String {
        let at = canonical.lastIndex(of: UInt8(ascii: "@")) ?? canonical.endIndex
        return String(decoding: canonical[at...].dropFirst(), as: UTF8.self)
    }

    /// A dot-atom of RFC 5322 section 3.2.3 with the letters of RFC 6531, normalised and folded; at most 64 bytes (RFC 5321).
    private static func key(ofLocalPart local: String) -> String? {
        guard local.unicodeScalars.allSatisfy(isAllowed), let composed = local.normalized(.nfc) else { return nil }
        let key = composed.caseFolded
        guard (1...64).contains(local.utf8.count), key.utf8.count <= 256, isDotAtom(key),
            key.normalized(.nfc) == key
        else { return nil }
        return key
    }

    private static func isDotAtom(_ text: String) -> Bool {
        text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return isAtomText(scalar) || scalar == "." }
        guard !scalar.isInvisible, scalar.properties.generalCategory.isOfWords else { return false }
        let composed = String(scalar).normalized(.nfc) ?? ""
        return !composed.utf8.allSatisfy { $0 < 0x80 } && !scalar.caseFolded.utf8.allSatisfy { $0 < 0x80 }
    }

    /// `atext` of RFC 5322 section 3.2.3.
    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
        }
    }
}

extension Unicode.GeneralCategory {
    /// Letters, marks and numbers.
    var isOfWords: Bool {
        switch self {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
