/// One place to connect to.
enum Endpoint: Sendable, Hashable {
    case tcp(DatabaseConfiguration.Host)
    case unix(String)

    /// Whether what is sent stays on this machine.
    ///
    /// A name such as `localhost` may resolve to anything; it is taken at its word.
    var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let host):
            host.name == "localhost" || host.name == "::1" || host.name.isLoopbackIPv4
        }
    }

    var isTCP: Bool {
        if case .tcp = self { true } else { false }
    }
}

extension String {
    /// Whether this is `127.a.b.c` in plain decimal.
    fileprivate var isLoopbackIPv4: Bool {
        let parts = utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> UInt8? in
            let isDigits = part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return isDigits ? UInt8(Substring(part)) : nil
        }
        return parts.count == 4 && numbers.count == 4 && numbers[0] == 127
    }
}
