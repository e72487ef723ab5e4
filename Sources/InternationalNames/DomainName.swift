internal import CIDN2

/// A host name in its one comparable form: ASCII, lower case, without a dot at the end.
package struct DomainName: Sendable, Hashable {
    /// The ASCII form (RFC 5890 A-labels), at most 253 bytes.
    package let ascii: String

    /// Reads a name by UTS 46, non-transitional; nil for what is no host name of at least two labels.
    ///
    /// Refused besides what IDNA 2008 refuses: IP literals, a dot at the end, white space, controls, and characters that
    /// cannot be seen (UTS 46 would drop them, and two spellings would look the same).
    package init?(_ text: String) {
        guard (3...1000).contains(text.utf8.count), !text.unicodeScalars.contains(where: \.isInvisible),
            let ascii = Self.toASCII(text), Self.isHostName(Array(ascii.utf8))
        else { return nil }
        self.ascii = ascii
    }

    private static func toASCII(_ text: String) -> String? {
        var output: UnsafeMutablePointer<CChar>?
        let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        let status = unsafe idn2_to_ascii_8z(text, &output, flags)
        guard status == IDN2_OK.rawValue, let buffer = unsafe output else { return nil }
        defer { unsafe idn2_free(buffer) }
        return unsafe String(validatingCString: buffer)
    }

    /// Letters, digits and hyphens (RFC 1123 section 2.1), and not an IPv4 address: the last label is no number.
    private static func isHostName(_ ascii: [UInt8]) -> Bool {
        let labels = ascii.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard ascii.count <= 253, labels.count >= 2, labels.allSatisfy(isLabel), let last = labels.last else {
            return false
        }
        return !last.allSatisfy(isDigit)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { isDigit($0) || $0 == hyphen || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
