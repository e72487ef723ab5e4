/// An absolute http or https address in the narrow form that every parser reads the same way.
///
/// ASCII only, no user information, no backslash, no escapes in the host: what looks odd is refused rather than
/// interpreted (SECURITY F12).
package struct OutboundURL: Sendable, Hashable, CustomStringConvertible {
    private static let maximumBytes = 2048

    package let isSecure: Bool
    /// Lower case; an IPv6 address without brackets.
    package let host: String
    package let port: UInt16
    /// Path and query; starts with `/`.
    package let target: String
    /// Whether the address names a port that is not its scheme's own.
    private let namesPort: Bool

    /// Reads an address; nil when it is not of the form, or has a fragment.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy(Self.isAllowed), let (isSecure, start) = Self.scheme(bytes) else { return nil }
        let rest = bytes[start...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        let target = String(decoding: rest[end...], as: UTF8.self)
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        self.target = target.utf8.first == UInt8(ascii: "/") ? target : "/" + target
        namesPort = port != nil && port != (isSecure ? 443 : 80)
    }

    /// Scheme, host and port as browsers write an origin.
    package var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// Host and port as the address names them.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return namesPort ? "\(name):\(port)" : name
    }

    package var description: String { origin + target }

    /// Printable ASCII without what URLs never hold unescaped, and without a fragment.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"#<>\\^`{|}".utf8.contains(byte)
    }

    private static func scheme(_ bytes: [UInt8]) -> (isSecure: Bool, start: Int)? {
        for (scheme, isSecure) in [("https://", true), ("http://", false)]
        where bytes.count > scheme.utf8.count
            && bytes.prefix(scheme.utf8.count).map(lowercased).elementsEqual(scheme.utf8)
        {
            return (isSecure, scheme.utf8.count)
        }
        return nil
    }

    private static func authority(_ bytes: ArraySlice<UInt8>) -> (host: String, port: UInt16?)? {
        guard bytes.first == UInt8(ascii: "[") else {
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            guard isName(bytes[..<colon]), let port = port(bytes[colon...]) else { return nil }
            return (String(decoding: bytes[..<colon].map(lowercased), as: UTF8.self), port.number)
        }
        guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), let port = port(bytes[(close + 1)...]) else {
            return nil
        }
        let address = String(decoding: bytes[(bytes.startIndex + 1)..<close].map(lowercased), as: UTF8.self)
        guard IPAddress(address)?.isVersion6 == true else { return nil }
        return (address, port.number)
    }

    /// A host name in ASCII (RFC 952, RFC 1123), or an IPv4 address.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard (1...253).contains(bytes.count) else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { byte in
                    let letter = lowercased(byte)
                    return (0x61...0x7A).contains(letter) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                }
        }
    }

    /// What stands after the host: nothing, or a colon and a port.
    private static func port(_ bytes: ArraySlice<UInt8>) -> (number: UInt16?, Void)? {
        guard let colon = bytes.first else { return (nil, ()) }
        let digits = bytes.dropFirst()
        guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
        else { return nil }
        return (number, ())
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
