internal import Identity

/// Finds the address a request came from (SECURITY WEB-13).
struct ClientAddress: Sendable {
    private let trusted: Set<SourceAddress>

    init(trustedProxies: [String]) throws(WebsiteConfigurationError) {
        var trusted: Set<SourceAddress> = []
        for text in trustedProxies {
            guard let address = SourceAddress(text) else {
                throw WebsiteConfigurationError(description: "Not the IP address of a proxy: \(text)")
            }
            trusted.insert(address)
        }
        self.trusted = trusted
    }

    /// The peer of the connection; if that is one of our proxies, the rightmost `X-Forwarded-For` entry that is none.
    ///
    /// What is left of that entry was written by somebody we do not know. An entry that is no address ends the search:
    /// then it is the proxy that wrote it.
    func address(peer: String?, forwardedFor: [String]) -> SourceAddress? {
        guard let peer, var address = SourceAddress(peer) else { return nil }
        let entries = forwardedFor.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for entry in entries.reversed() {
            guard trusted.contains(address) else { break }
            let text = String(entry).utf8.drop { $0 == 0x20 || $0 == 0x09 }.reversed().drop { $0 == 0x20 || $0 == 0x09 }
            guard let next = SourceAddress(String(decoding: Array(text.reversed()), as: UTF8.self)) else { break }
            address = next
        }
        return address
    }
}
