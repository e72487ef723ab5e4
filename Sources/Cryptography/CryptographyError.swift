internal import COpenSSL

/// A cryptographic operation that did not succeed.
///
/// `description` is safe to show anyone.
package struct CryptographyError: Error, CustomStringConvertible, Equatable {
    /// What went wrong.
    package enum Code: Sendable, Equatable {
        /// A seal, tag or signature did not fit: altered, moved, or under another key.
        case authenticationFailed
        /// The key ring has no such key, or only its tombstone.
        case unknownKey(UInt32)
        /// A key or nonce of the wrong length.
        case badKey
        /// Input that has not the form it must have.
        case malformed
        /// The key ring file was refused; the message says why.
        case keyRing
        /// OpenSSL refused; does not happen with correct arguments.
        case internalFailure
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// The failure of an OpenSSL call, with its error queue drained so that no later call reads it.
    static func openSSL(_ operation: StaticString) -> CryptographyError {
        ERR_clear_error()
        return CryptographyError(.internalFailure, "OpenSSL failed in \(operation)")
    }
}
