package import Cryptography

/// One-time passwords from the time of day (RFC 6238), as one device makes them.
package struct TOTP: Sendable {
    /// How a device and we count.
    package struct Parameters: Sendable, Hashable {
        package let hash: OneTimePasswordHash
        /// 6 or 8.
        package let digits: Int
        /// Seconds of a step, 15 to 120.
        package let period: Int64

        /// What every authenticator app understands: SHA-1, 6 digits, 30 s.
        package static let standard = Parameters(uncheckedHash: .sha1, digits: 6, period: 30)

        /// Nil for digits or a period that are not allowed.
        package init?(hash: OneTimePasswordHash, digits: Int, period: Int64) {
            guard digits == 6 || digits == 8, (15...120).contains(period) else { return nil }
            self.init(uncheckedHash: hash, digits: digits, period: period)
        }

        private init(uncheckedHash hash: OneTimePasswordHash, digits: Int, period: Int64) {
            (self.hash, self.digits, self.period) = (hash, digits, period)
        }
    }

    /// Bytes of a new key: 160 bits (RFC 4226 section 4, R6).
    package static let keyByteCount = 20

    private let key: SecretBytes
    package let parameters: Parameters

    package init(key: SecretBytes, parameters: Parameters) {
        (self.key, self.parameters) = (key, parameters)
    }

    /// The step that a time lies in; times before 1970 are in the first.
    package func step(at secondsSinceEpoch: Int64) -> Int64 {
        max(0, secondsSinceEpoch) / parameters.period
    }

    /// The password of a step.
    package func password(step: Int64) -> [UInt8] {
        HOTP.password(
            key: key,
            counter: UInt64(clamping: step),
            hash: parameters.hash,
            digits: parameters.digits
        )
    }

    /// The step that a password belongs to, if it may still be accepted.
    ///
    /// That is the current one or one to either side, and later than the last accepted one (RFC 6238 section 5.2,
    /// SECURITY TOTP-03 and TOTP-04). All three are computed and compared in constant time, whatever fits.
    ///
    /// - Parameters:
    ///   - password: Canonical ASCII digits.
    ///   - secondsSinceEpoch: The server's clock.
    ///   - lastStep: The step accepted last; nil when none was.
    /// - Returns: The step to remember as accepted; nil when the password fits none.
    package func acceptedStep(of password: [UInt8], at secondsSinceEpoch: Int64, after lastStep: Int64?) -> Int64? {
        let current = step(at: secondsSinceEpoch)
        var accepted: Int64?
        for candidate in [current - 1, current, current + 1] where candidate >= 0 {
            let fits = ConstantTime.areEqual(self.password(step: candidate), password)
            if fits, accepted == nil, lastStep.map({ candidate > $0 }) ?? true { accepted = candidate }
        }
        return accepted
    }
}
