internal import COpenSSL

/// Keyed hashes (RFC 2104, FIPS 198-1).
package enum HMAC<Hash: HashFunction> {
    /// The code of some bytes under a key.
    package static func code(for bytes: some Collection<UInt8>, key: SecretBytes) -> [UInt8] {
        let contiguous = bytes.withContiguousStorageIfAvailable { bytes in
            unsafe code(for: UnsafeRawBufferPointer(bytes), key: key)
        }
        if let contiguous { return contiguous }
        return unsafe Array(bytes).withUnsafeBytes { unsafe code(for: $0, key: key) }
    }

    /// The code of a secret, a secret itself.
    package static func code(for secret: SecretBytes, key: SecretBytes) -> SecretBytes {
        var code = unsafe secret.withBytes { unsafe self.code(for: $0, key: key) }
        defer { code.cleanse() }
        return SecretBytes(copying: code)
    }

    private static func code(for message: UnsafeRawBufferPointer, key: SecretBytes) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Hash.digestCount) { output, initialized in
            let result = unsafe key.withBytes { key in
                unsafe COpenSSL.HMAC(
                    Hash.algorithm.implementation,
                    key.baseAddress,
                    Int32(clamping: key.count),
                    message.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    message.count,
                    output.baseAddress,
                    nil
                )
            }
            precondition(unsafe result != nil, "an HMAC of memory cannot fail")
            initialized = Hash.digestCount
        }
    }

    /// Whether `code` is the full code of `bytes`, compared in constant time; a shorter one never is.
    package static func isValid(_ code: [UInt8], for bytes: some Collection<UInt8>, key: SecretBytes) -> Bool {
        ConstantTime.areEqual(self.code(for: bytes, key: key), code)
    }
}

/// HMAC with SHA-256.
package typealias HMACSHA256 = HMAC<SHA256>
