package import Cryptography

/// One-time passwords from a counter (RFC 4226).
package enum HOTP {
    /// The password of one counter: `digits` ASCII digits, leading zeros kept.
    ///
    /// - Parameters:
    ///   - key: The shared secret.
    ///   - counter: The moving factor.
    ///   - hash: SHA-1 in RFC 4226; RFC 6238 allows the others.
    ///   - digits: 6 to 8; anything else is taken for the nearest of these.
    /// - Returns: ASCII digits.
    package static func password(
        key: SecretBytes,
        counter: UInt64,
        hash: OneTimePasswordHash = .sha1,
        digits: Int = 6
    ) -> [UInt8] {
        let factor = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * UInt64($0))) }
        var number = truncated(hash.authenticationCode(of: factor, key: key))
        var password = [UInt8](repeating: 0, count: min(max(digits, 6), 8))
        for place in password.indices.reversed() {
            password[place] = UInt8(ascii: "0") + UInt8(number % 10)
            number /= 10
        }
        return password
    }

    /// Dynamic truncation to 31 bits (RFC 4226 section 5.3).
    private static func truncated(_ code: [UInt8]) -> UInt32 {
        guard let last = code.last else { return 0 }
        let offset = Int(last & 0x0F)
        return code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    }
}
