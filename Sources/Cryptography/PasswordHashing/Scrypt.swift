internal import COpenSSL

/// The memory-hard key derivation of RFC 7914.
package enum Scrypt {
    /// What a derivation costs.
    package struct Parameters: Sendable, Hashable {
        /// Binary logarithm of N.
        let logarithm: UInt32
        /// r.
        let blockSize: UInt32
        /// p.
        let parallelism: UInt32

        /// Takes values within bounds, 256 MiB and 2^24 block operations at most.
        package init(logarithm: UInt32, blockSize: UInt32, parallelism: UInt32) throws(PasswordRecordError) {
            guard (1...20).contains(logarithm), (1...32).contains(blockSize), (1...16).contains(parallelism) else {
                throw .outOfBounds
            }
            self.logarithm = logarithm
            self.blockSize = blockSize
            self.parallelism = parallelism
            // RFC 7914 section 2: N is less than 2^(128 * r / 8).
            guard logarithm < 16 * blockSize, memoryCount <= 256 << 20, work <= 1 << 24 else { throw .outOfBounds }
        }

        /// Bytes of memory, as OpenSSL counts them: V, B and two blocks to work in.
        var memoryCount: Int {
            let block = 128 * Int(blockSize)
            return block << Int(logarithm) + block * (Int(parallelism) + 2)
        }

        /// N * r * p.
        var work: Int { Int(blockSize) * Int(parallelism) << Int(logarithm) }
    }

    /// Derives `count` bytes.
    ///
    /// - Parameters:
    ///   - password: Any bytes.
    ///   - salt: Any bytes.
    ///   - parameters: Cost.
    ///   - count: Bytes wanted.
    /// - Returns: The derived bytes.
    /// - Throws: `.internalFailure` when memory ran out.
    package static func derive(
        password: SecretBytes,
        salt: [UInt8],
        parameters: Parameters,
        count: Int
    ) throws(CryptographyError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        let status = unsafe password.withBytes { password in
            unsafe EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self),
                password.count,
                salt,
                salt.count,
                UInt64(1) << UInt64(parameters.logarithm),
                UInt64(parameters.blockSize),
                UInt64(parameters.parallelism),
                UInt64(parameters.memoryCount),
                &output,
                count
            )
        }
        guard status == 1 else { throw .openSSL("scrypt") }
        return output
    }
}
