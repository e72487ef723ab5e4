/// An address of an application to which browsers are led: `https`, or `http` on a loopback host.
///
/// A rule over bytes; what a URL parser makes of a text is not what browsers make of it (SECURITY WEB-02, F12).
struct ApplicationAddress: Sendable, Hashable {
    let text: String

    static let rule = """
        must be https://host[:port]/path, or http:// on a loopback host, in at most 500 visible ASCII characters, \
        the host in lower case, without a fragment
        """

    /// Takes such an address; nil for all else.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...500).contains(bytes.count), bytes.allSatisfy(Self.isPlain) else { return nil }
        let isHTTPS = bytes.starts(with: "https://".utf8)
        guard isHTTPS || bytes.starts(with: "http://".utf8) else { return nil }
        let afterScheme = bytes.dropFirst(isHTTPS ? 8 : 7)
        let authority = Array(afterScheme.prefix { $0 != UInt8(ascii: "/") })
        // A path must be there, so that nothing of the address can be read as part of the host.
        guard afterScheme.count > authority.count, let host = Self.host(of: authority),
            isHTTPS || Self.isLoopback(host)
        else { return nil }
        self.text = text
    }

    /// Visible ASCII that browsers send as it is and read in one way only.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#"\"<>#`{}|^"#.utf8.contains(byte)
    }

    /// The host before a port; nil when either has other bytes than hosts and ports have.
    private static func host(of authority: [UInt8]) -> String? {
        let isBracketed = authority.first == UInt8(ascii: "[")
        let end =
            isBracketed
            ? authority.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? authority.count
            : authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.count
        let host = authority[..<end]
        let port = authority[end...]
        guard !host.isEmpty, host.allSatisfy({ isHostByte($0, bracketed: isBracketed) }) else { return nil }
        guard port.isEmpty || isPort(Array(port)) else { return nil }
        return String(decoding: host, as: UTF8.self)
    }

    private static func isPort(_ bytes: [UInt8]) -> Bool {
        bytes.first == UInt8(ascii: ":") && (2...6).contains(bytes.count)
            && bytes.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && UInt16(String(decoding: bytes.dropFirst(), as: UTF8.self)) != nil
    }

    private static func isHostByte(_ byte: UInt8, bracketed: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: bracketed && "[]:".utf8.contains(byte)
        }
    }

    /// A name that only begins like an address of this machine, such as `127.example.com`, is anybody's.
    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || host == "127.0.0.1"
    }
}
