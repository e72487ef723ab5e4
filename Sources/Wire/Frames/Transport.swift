/// What both sides of a connection agree on before its first frame.
package enum Transport {
    /// Name of the protocol in the TLS handshake (RFC 7301).
    package static let applicationProtocol = "gatehouse/1"

    /// Calls in flight on a connection: a client that makes more is refused.
    package static let callsInFlight = 256

    /// Whether a host is an address of this machine only, and may so be spoken to without TLS.
    ///
    /// `localhost` is taken at its word. Any other name is none, even one that begins like an address: `127.example.com`
    /// is wherever its owner says.
    package static func isLoopback(host: String) -> Bool {
        host == "localhost" || host == "::1" || isLoopbackIPv4(host)
    }

    /// `127.a.b.c` in plain decimal.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part).map { String($0).utf8.elementsEqual(part.utf8) } ?? false }
    }
}
