internal import COpenSSL

/// Comparisons whose time tells nothing about where two values differ (SECURITY PW-16).
package enum ConstantTime {
    /// Whether two byte strings are equal; only their lengths show in the time it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in unsafe areEqual(left, right) }
        }
    }

    /// Whether two buffers hold equal bytes.
    package static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress else { return true }
        return unsafe CRYPTO_memcmp(first, second, left.count) == 0
    }
}
