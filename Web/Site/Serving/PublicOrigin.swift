internal import Identity

/// Scheme, host and port by which browsers reach a site (RFC 6454), in lower case.
struct PublicOrigin: Sendable, Hashable {
    let isHTTPS: Bool
    /// Host name, IPv4 address, or IPv6 address in brackets.
    let host: String
    /// Nil: the scheme's own.
    ///
    /// 0: the one that the listener will be given; until then nothing names this site.
    private(set) var port: UInt16?

    /// Reads `https://host[:port]`; `http` is for loopback hosts.
    init(_ text: String) throws(WebsiteConfigurationError) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        try self.init(ofAddress: trimmed)
        guard !trimmed.utf8.dropFirst(scheme.utf8.count).contains(where: { "/?#".utf8.contains($0) }) else {
            throw WebsiteConfigurationError(description: "The site's address must end after host and port: \(text)")
        }
    }

    /// The origin of an address with a path.
    init(ofAddress text: String) throws(WebsiteConfigurationError) {
        let problem = WebsiteConfigurationError(
            description: "Not https://host[:port], or http:// on a loopback host: \(text)"
        )
        let lower = Self.lowercased(text)
        isHTTPS = lower.hasPrefix(Self.scheme(isHTTPS: true))
        let scheme = Self.scheme(isHTTPS: isHTTPS)
        guard lower.hasPrefix(scheme), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw problem
        }
        let afterScheme = lower.utf8.dropFirst(scheme.utf8.count)
        let authority = String(decoding: afterScheme.prefix { !"/?#".utf8.contains($0) }, as: UTF8.self)
        guard let (host, port) = Self.split(authority) else { throw problem }
        self.host = host
        self.port = port
        guard isHTTPS || isLoopback else { throw problem }
    }

    /// A name that only begins like an address of this machine, such as `127.example.com`, is anybody's.
    private var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]"
            || SourceAddress(host)?.isLoopback == true
    }

    private var scheme: String { Self.scheme(isHTTPS: isHTTPS) }

    private static func scheme(isHTTPS: Bool) -> String { isHTTPS ? "https://" : "http://" }

    /// As browsers write it in `Origin`.
    var text: String { scheme + host + (port.map { ":\($0)" } ?? "") }

    /// This origin with the port of its listener, if it waits for one.
    func bound(to listenerPort: Int) -> PublicOrigin {
        guard port == 0, let listenerPort = UInt16(exactly: listenerPort) else { return self }
        var origin = self
        origin.port = listenerPort
        return origin
    }

    /// Whether a `Host` header names this site.
    ///
    /// In development every name of the own machine does.
    func isNamed(by authority: String) -> Bool {
        guard let (host, port) = Self.split(Self.lowercased(authority)) else { return false }
        let isAlias = !isHTTPS && Self.loopbackNames.contains(host)
        return (host == self.host || isAlias) && self.port != 0
            && Self.effective(port, isHTTPS) == Self.effective(self.port, isHTTPS)
    }

    /// Plain http is served to the own machine only, so these are all the same site.
    private static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Whether an `Origin` header names this site.
    func isNamed(byOrigin origin: String) -> Bool {
        origin.hasPrefix(scheme) && isNamed(by: String(origin.dropFirst(scheme.utf8.count)))
    }

    private static func effective(_ port: UInt16?, _ isHTTPS: Bool) -> UInt16 { port ?? (isHTTPS ? 443 : 80) }

    private static func split(_ authority: String) -> (host: String, port: UInt16?)? {
        let bytes = Array(authority.utf8)
        let end = bytes.first == UInt8(ascii: "[") ? bytes.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : nil
        let hostEnd = end ?? bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        let host = bytes[..<hostEnd]
        guard !host.isEmpty, host.allSatisfy(isHostByte) else { return nil }
        guard hostEnd < bytes.count else { return (String(decoding: host, as: UTF8.self), nil) }
        let digits = bytes[(hostEnd + 1)...]
        guard bytes[hostEnd] == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return (String(decoding: host, as: UTF8.self), port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._[]:".utf8.contains(byte)
        }
    }

    private static func lowercased(_ text: String) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
