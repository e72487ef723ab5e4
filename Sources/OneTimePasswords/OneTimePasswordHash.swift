internal import Cryptography

/// The hash under the HMAC of a one-time password (RFC 6238 section 1.2); raw values are stored.
package enum OneTimePasswordHash: UInt8, Sendable, Hashable, CaseIterable {
    case sha1 = 1
    case sha256 = 2
    case sha512 = 3

    /// The name in an `otpauth` URI.
    package var name: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        }
    }

    func authenticationCode(of bytes: [UInt8], key: SecretBytes) -> [UInt8] {
        switch self {
        case .sha1: HMAC<SHA1>.code(for: bytes, key: key)
        case .sha256: HMAC<SHA256>.code(for: bytes, key: key)
        case .sha512: HMAC<SHA512>.code(for: bytes, key: key)
        }
    }
}
