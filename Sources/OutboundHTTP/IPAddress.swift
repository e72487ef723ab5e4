internal import NIOCore

/// An IP address, and whether a server of ours may be sent there (SECURITY OI-17).
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes, network order.
    package let bytes: [UInt8]
    package let description: String

    /// Reads the usual text form of either version; nil for anything else.
    package init?(_ text: String) {
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    init?(_ address: SocketAddress) {
        // Where netinet/in.h has the address: after family and port, and after the flow label, too.
        let place: Range<Int>
        switch address {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket: return nil
        }
        bytes = unsafe address.withSockAddr { pointer, count in
            unsafe Array(UnsafeRawBufferPointer(start: pointer, count: count)[place])
        }
        guard let text = address.ipAddress else { return nil }
        description = text
    }

    package var isVersion6: Bool { bytes.count == 16 }

    /// Whether the address belongs to the public internet.
    ///
    /// Private, loopback, link-local, shared, documentation and multicast ranges do not (RFC 6890), nor do the ranges
    /// in which an IPv6 address holds an IPv4 one.
    package var isPublic: Bool {
        let networks = isVersion6 ? Self.special6 : Self.special4
        let isGlobal = !isVersion6 || Self.global6.contains(bytes)
        return isGlobal && !networks.contains { $0.contains(bytes) }
    }

    private struct Network {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) { (self.prefix, self.bits) = (prefix, bits) }

        func contains(_ bytes: [UInt8]) -> Bool {
            for (index, byte) in prefix.enumerated() where index < bytes.count {
                let wanted = max(0, min(8, bits - index * 8))
                let mask = UInt8(truncatingIfNeeded: 0xFF00 >> wanted)
                guard bytes[index] & mask == byte & mask else { return false }
            }
            return true
        }
    }

    private static let special4 = [
        Network([0], 8), Network([10], 8), Network([100, 64], 10), Network([127], 8), Network([169, 254], 16),
        Network([172, 16], 12), Network([192, 0, 0], 24), Network([192, 0, 2], 24), Network([192, 88, 99], 24),
        Network([192, 168], 16), Network([198, 18], 15), Network([198, 51, 100], 24), Network([203, 0, 113], 24),
        Network([224], 3),
    ]

    /// The only range of IPv6 that is given out (RFC 4291 section 2.4); mapped, translated and local ones lie outside.
    private static let global6 = Network([0x20], 3)
    private static let special6 = [
        Network([0x20, 0x01, 0x00], 23), Network([0x20, 0x01, 0x0D, 0xB8], 32), Network([0x20, 0x02], 16),
        Network([0x3F, 0xFF, 0x00], 20),
    ]
}
