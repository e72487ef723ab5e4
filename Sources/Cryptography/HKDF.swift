/// Key derivation (RFC 5869) with SHA-256.
package enum HKDFSHA256 {
    /// Derives `count` bytes, at most 8160, from keying material.
    ///
    /// - Parameters:
    ///   - material: The input keying material.
    ///   - salt: May be empty.
    ///   - info: What the derived key is for.
    ///   - count: Bytes wanted, 1 to 255 × 32.
    /// - Returns: The derived bytes.
    package static func derive(
        from material: SecretBytes,
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) -> SecretBytes {
        precondition((1...255 * SHA256.digestCount).contains(count), "RFC 5869 limits the output to 255 blocks")
        let saltKey = SecretBytes(copying: salt.isEmpty ? [UInt8](repeating: 0, count: SHA256.digestCount) : salt)
        let extracted = unsafe material.withBytes { unsafe HMACSHA256.code(for: Array($0), key: saltKey) }
        let key = SecretBytes(copying: extracted)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < count {
            block = HMACSHA256.code(for: block + info + [counter], key: key)
            output += block
            counter &+= 1
        }
        return SecretBytes(copying: output.prefix(count))
    }
}
