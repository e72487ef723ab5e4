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
