internal import Glibc

/// An IPv4 or IPv6 address that a call came from; IPv4 mapped into IPv6 counts as IPv4.
package struct SourceAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// Reads the text form (RFC 4291 section 2.2, RFC 6943 strict form for IPv4), without port, brackets or zone.
    package init?(_ text: String) {
        if let version4 = Self.parse(text, AF_INET, 4) {
            bytes = version4
        } else if let version6 = Self.parse(text, AF_INET6, 16) {
            let isMapped = version6.prefix(10).allSatisfy { $0 == 0 } && version6[10] == 255 && version6[11] == 255
            bytes = isMapped ? Array(version6.suffix(4)) : version6
        } else {
            return nil
        }
    }

    /// The network that shares limits with this address: itself for IPv4 (/32), the first 64 bits for IPv6.
    package var prefix: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }

    /// Whether it is this machine.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// The canonical text (RFC 5952), at most 45 bytes.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func parse(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
        guard (2...45).contains(text.utf8.count), !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
