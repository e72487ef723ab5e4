import Cryptography
import MariaDB

/// The live code of a flow as stored.
struct StoredCode: Sendable {
    let binding: CodeBinding
    let authenticationCode: AuthenticationCode
    let expiresAt: Timestamp
    /// When another one may be asked for.
    let resendAt: Timestamp
    /// Tries used up, the one under way included.
    let tries: UInt8
}
