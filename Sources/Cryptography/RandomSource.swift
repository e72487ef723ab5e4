internal import COpenSSL

/// Where unpredictable bytes come from; a parameter, so that tests can repeat themselves.
package protocol RandomSource: Sendable {
    /// Random bytes that may be seen: ids, nonces.
    func bytes(_ count: Int) -> [UInt8]
    /// Random bytes that must stay secret: keys, tokens, codes.
    func secret(_ count: Int) -> SecretBytes
}

extension RandomSource {
    /// A number from 0 up to, not including, `bound`, each equally likely (rejection sampling; no modulo bias).
    ///
    /// - Parameter bound: At least 1.
    /// - Returns: The number.
    package func uniform(below bound: UInt32) -> UInt32 {
        precondition(bound > 0, "a range without a number has none to choose")
        let limit = UInt32.max - (UInt32.max % bound + 1) % bound
        while true {
            let number = unsafe secret(4).withBytes { bytes in unsafe bytes.loadUnaligned(as: UInt32.self) }
            if number <= limit { return number % bound }
        }
    }
}

/// OpenSSL's generator, seeded by the kernel.
///
/// Its failure ends the process: nothing this server does is safe without randomness (SECURITY KEY-06).
package struct SystemRandom: RandomSource {
    package init() {}

    package func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let status = unsafe RAND_bytes(buffer.baseAddress, Self.length(count))
            precondition(count == 0 || status == 1, "the system's random generator failed")
            initialized = count
        }
    }

    package func secret(_ count: Int) -> SecretBytes {
        unsafe SecretBytes(count: count) { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let status = unsafe RAND_priv_bytes(start, Self.length(count))
            precondition(count == 0 || status == 1, "the system's random generator failed")
        }
    }

    /// OpenSSL counts in `int`; filling only a part of a buffer would be worse than ending.
    private static func length(_ count: Int) -> Int32 {
        guard let length = Int32(exactly: count) else { preconditionFailure("too many random bytes at once: \(count)") }
        return length
    }
}
