import InternationalNames

/// The name of a service account: 1 to 200 characters, trimmed, unique without regard to case and form.
struct ServiceAccountName: Sendable, Hashable {
    /// As it was written, without white space at its ends.
    let value: String
    /// NFKC, folded.
    let canonical: [UInt8]

    init?(_ text: String) {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let trimmed = scalars[first...last]
        guard trimmed.count <= 200, !trimmed.contains(where: { $0.isInvisible && $0 != " " }),
            let canonical = String(trimmed).normalized(.nfkc)?.caseFolded.normalized(.nfkc)
        else { return nil }
        value = String(trimmed)
        self.canonical = Array(canonical.utf8)
        guard (1...800).contains(self.canonical.count) else { return nil }
    }
}

/// A subject alternative name of a client certificate: a DNS name in lower case, or a URI as it is.
struct CertificateName: Sendable, Hashable {
    let text: String

    /// Takes 1 to 255 visible ASCII characters without `*`; nil otherwise (SECURITY RPC-02).
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...255).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
            !bytes.contains(UInt8(ascii: "*"))
        else { return nil }
        self.text = bytes.contains(UInt8(ascii: ":")) ? text : text.lowercased()
    }
}
