/// Authenticator assurance level (NIST SP 800-63B-4 section 2).
package enum AssuranceLevel: UInt8, Sendable, Hashable, Comparable, Codable {
    /// One factor.
    case aal1 = 1
    /// Two factors, or one user-verified passkey.
    case aal2 = 2

    package static func < (left: AssuranceLevel, right: AssuranceLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}
