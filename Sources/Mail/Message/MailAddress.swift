/// An address mail can be sent to: the addr-spec of RFC 5322 section 3.4.1 without quotes, comments and literals, with
/// the UTF-8 of RFC 6531.
///
/// Equality is equality of bytes.
package struct MailAddress: Sendable {
    /// The address as given, at most 320 bytes, free of control bytes and white space.
    package let text: String
    /// The part before the `@`, 1...64 bytes.
    package let localPart: String
    /// The domain in the form that DNS and every mail server understands (IDNA A-labels), 1...253 bytes.
    package let asciiDomain: String

    /// Nil for anything but one plain address.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= 320, let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        let local = text[..<at]
        let domain = text[bytes.index(after: at)...]
        guard local.utf8.count <= 64, domain.utf8.count <= 255 else { return nil }
        guard MailAddressSyntax.isLocalPart(local.unicodeScalars) else { return nil }
        guard MailAddressSyntax.isDomain(domain.unicodeScalars) else { return nil }
        guard let ascii = InternationalDomainName.ascii(String(domain)) else { return nil }
        guard MailAddressSyntax.isHostName(ascii.utf8) else { return nil }
        self.text = text
        self.localPart = String(local)
        self.asciiDomain = ascii
    }

    /// Whether only a server with the SMTPUTF8 extension (RFC 6531) can take it.
    package var requiresSMTPUTF8: Bool { !localPart.utf8.allSatisfy { $0 < 0x80 } }

    /// The form for commands and headers: the local part as given, the domain in ASCII.
    var transportText: String { "\(localPart)@\(asciiDomain)" }
}

extension MailAddress: Hashable {
    /// Compares bytes: two spellings that Unicode calls equivalent may be two mailboxes.
    package static func == (left: MailAddress, right: MailAddress) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
