/// RFC 5322 section 3.6.4, without its obsolete forms.
enum MessageIDSyntax {
    /// `<dot-atom@dot-atom>` in ASCII, at most 250 bytes.
    static func isMessageID(_ bytes: String.UTF8View) -> Bool {
        guard bytes.count <= 250, bytes.allSatisfy({ $0 < 0x80 }) else { return false }
        guard bytes.first == UInt8(ascii: "<"), bytes.last == UInt8(ascii: ">") else { return false }
        let sides = bytes.dropFirst().dropLast().split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return sides.count == 2 && sides.allSatisfy { MailAddressSyntax.isLocalPart($0.map { Unicode.Scalar($0) }) }
    }
}
