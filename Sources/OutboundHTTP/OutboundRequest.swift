package import Cryptography

/// One request of this server to somebody else's.
package struct OutboundRequest: Sendable {
    /// What a request does.
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method
    package var url: OutboundURL
    /// Names and values; values may be secret and are never logged.
    package var headers: [(name: String, value: SecretBytes)]
    package var body: SecretBytes?

    package init(
        _ method: Method,
        _ url: OutboundURL,
        headers: [(name: String, value: SecretBytes)] = [],
        body: SecretBytes? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Adds a header whose value is no secret.
    package mutating func add(_ name: String, _ value: String) {
        headers.append((name, SecretBytes(utf8: value)))
    }
}

/// What came back: no redirect, and no longer than allowed.
package struct OutboundResponse: Sendable {
    package let status: Int
    /// As sent, without what they mean; names in lower case.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
        self.body = body
    }

    /// The one header of a name; nil without any, or with several.
    package func header(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values.first?.value : nil
    }
}

/// Sends requests to other servers; a parameter of the domain.
package protocol OutboundHTTP: Sendable {
    /// Whether requests to an address are sent at all.
    func admits(_ url: OutboundURL) -> Bool
    /// Sends a request once.
    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse
}
