internal import COpenSSL

/// The iterated key derivation of RFC 8018 section 5.2, with HMAC.
package enum PBKDF2 {
    /// Derives `count` bytes.
    ///
    /// - Parameters:
    ///   - password: Any bytes.
    ///   - salt: Any bytes.
    ///   - hash: Of the HMAC.
    ///   - iterations: At least 1.
    ///   - count: Bytes wanted.
    /// - Returns: The derived bytes.
    /// - Throws: `.internalFailure` when memory ran out.
    package static func derive(
        password: SecretBytes,
        salt: [UInt8],
        hash: DigestAlgorithm,
        iterations: UInt32,
        count: Int
    ) throws(CryptographyError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        let status = unsafe password.withBytes { password in
            unsafe PKCS5_PBKDF2_HMAC(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: password.count),
                salt,
                Int32(clamping: salt.count),
                Int32(clamping: iterations),
                hash.implementation,
                Int32(clamping: count),
                &output
            )
        }
        guard status == 1 else { throw .openSSL("PBKDF2") }
        return output
    }

    /// About what an iteration of one block takes.
    private static let nanosecondsPerIteration = 400

    /// About how long a derivation takes: two compressions for each iteration of each block of output.
    static func estimatedMicroseconds(_ hash: DigestAlgorithm, iterations: UInt32, count: Int) -> Int {
        Int(iterations) * ((count + hash.digestCount - 1) / hash.digestCount) * nanosecondsPerIteration / 1000
    }
}

extension DigestAlgorithm {
    /// Bytes of a digest.
    var digestCount: Int {
        switch self {
        case .sha1: SHA1.digestCount
        case .sha256: SHA256.digestCount
        case .sha384: SHA384.digestCount
        case .sha512: SHA512.digestCount
        }
    }
}
