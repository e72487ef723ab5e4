internal import COpenSSL

/// Key derivation (RFC 5869) with SHA-256.
package enum HKDFSHA256 {
    /// Derives `count` bytes, at most 8160, from keying material.
    ///
    /// - Parameters:
    ///   - material: The input keying material.
    ///   - salt: May be empty.
    ///   - info: What the derived key is for.
    ///   - count: Bytes wanted, 1 to 255 × 32.
    /// - Returns: The derived bytes, in no other place of memory than these.
    package static func derive(
        from material: SecretBytes,
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) -> SecretBytes {
        precondition((1...255 * SHA256.digestCount).contains(count), "RFC 5869 limits the output to 255 blocks")
        return unsafe SecretBytes(count: count) { output in
            let isDerived = unsafe material.withBytes { material in
                unsafe derive(into: output, material: material, salt: salt, info: info)
            }
            precondition(isDerived, "a derivation in memory cannot fail")
        }
    }

    private static func derive(
        into output: UnsafeMutableRawBufferPointer,
        material: UnsafeRawBufferPointer,
        salt: [UInt8],
        info: [UInt8]
    ) -> Bool {
        let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let key = unsafe material.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let start = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var count = output.count
        return unsafe EVP_PKEY_derive_init(context) == 1
            && EVP_PKEY_CTX_set_hkdf_md(context, SHA256.algorithm.implementation) == 1
            && EVP_PKEY_CTX_set1_hkdf_key(context, key, Int32(clamping: material.count)) == 1
            && (salt.isEmpty || EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(clamping: salt.count)) == 1)
            && (info.isEmpty || EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(clamping: info.count)) == 1)
            && EVP_PKEY_derive(context, start, &count) == 1
            && count == output.count
    }
}
