/// The grammar of addresses, over scalars and bytes, never over Characters (a combining mark would hide what it follows).
enum MailAddressSyntax {
    /// A dot-atom of RFC 5322 section 3.2.3, widened by RFC 6532 section 3.2.
    static func isLocalPart(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        isDotted(scalars, where: isAtomText)
    }

    /// Labels of letters, digits, hyphens and visible non-ASCII scalars; IDNA checks the rest.
    static func isDomain(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        isDotted(scalars) { isLetterOrDigit($0) || $0 == "-" || isVisibleNonASCII($0) }
    }

    /// RFC 1123 section 2.1: ASCII labels of 1...63 bytes, no hyphen at either end, at most 253 bytes in all.
    static func isHostName(_ bytes: some Collection<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 253 else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-") else { return false }
            var last: UInt8 = 0
            for byte in label {
                guard isLetterOrDigit(Unicode.Scalar(byte)) || byte == UInt8(ascii: "-") else { return false }
                last = byte
            }
            return last != UInt8(ascii: "-")
        }
    }

    static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// The atext of RFC 5322, or a visible scalar outside ASCII.
    static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|", "}", "~": true
        default: isLetterOrDigit(scalar) || isVisibleNonASCII(scalar)
        }
    }

    private static func isVisibleNonASCII(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80, scalar != "\u{FFFD}" else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            return false
        default: return true
        }
    }

    private static func isDotted(
        _ scalars: some Sequence<Unicode.Scalar>,
        where isAllowed: (Unicode.Scalar) -> Bool
    ) -> Bool {
        var isAtStart = true
        for scalar in scalars {
            if scalar == "." {
                if isAtStart { return false }
                isAtStart = true
            } else {
                guard isAllowed(scalar) else { return false }
                isAtStart = false
            }
        }
        return !isAtStart
    }
}
