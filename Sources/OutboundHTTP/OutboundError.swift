/// Why a request brought no answer; holds nothing of the request or the answer.
package struct OutboundError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable, CaseIterable {
        /// The address is not one that requests may be sent to: no https, or malformed.
        case addressRefused
        /// The host is a machine of a private network, or this one.
        case privateHost
        /// The host has no address.
        case hostUnknown
        /// Nobody answers there, or the connection broke.
        case unreachable
        /// The certificate is not one that is trusted for this host.
        case untrusted
        /// No whole answer within the time.
        case tooSlow
        /// The answer is larger than anything we expect.
        case tooLarge
        /// The answer sends us elsewhere, which is never followed.
        case redirected
    }

    package let code: Code

    package init(_ code: Code) { self.code = code }

    /// Whether the same request may bring an answer later.
    package var isTransient: Bool {
        switch code {
        case .hostUnknown, .unreachable, .tooSlow: true
        case .addressRefused, .privateHost, .untrusted, .tooLarge, .redirected: false
        }
    }

    /// One sentence for whoever administers the address.
    package var description: String {
        switch code {
        case .addressRefused: "the address is not an https address that requests are sent to"
        case .privateHost: "the host is in a private network, or this machine"
        case .hostUnknown: "the host has no address"
        case .unreachable: "nobody answers there, or the connection broke"
        case .untrusted: "the certificate is not trusted for this host"
        case .tooSlow: "no whole answer came in time"
        case .tooLarge: "the answer is too large"
        case .redirected: "the answer is a redirect, which is never followed"
        }
    }
}
