internal import CCrypt
internal import COpenSSL

/// The password hashes of the C library's `crypt`.
enum UnixCrypt {
    /// Hashes a password under a setting that was read and bounded before.
    ///
    /// - Parameters:
    ///   - password: At most 511 bytes without a zero among them.
    ///   - setting: Scheme, cost and salt.
    /// - Returns: The whole record; nil for a password that the function would cut short.
    /// - Throws: `.internalFailure` when the library knows no such scheme.
    static func hash(password: SecretBytes, setting: String) throws(CryptographyError) -> [UInt8]? {
        guard password.count < Int(CRYPT_MAX_PASSPHRASE_SIZE), !(unsafe password.withBytes { unsafe $0.contains(0) })
        else { return nil }
        let terminated = unsafe SecretBytes(count: password.count + 1) { buffer in
            unsafe password.withBytes { unsafe buffer.copyMemory(from: $0) }
        }
        let output = unsafe terminated.withBytes { phrase in
            unsafe setting.withCString { unsafe hash(phrase.baseAddress, setting: $0) }
        }
        guard let output else { throw CryptographyError(.internalFailure, "crypt refused a setting") }
        return output
    }

    private static func hash(_ phrase: UnsafeRawPointer?, setting: UnsafePointer<CChar>) -> [UInt8]? {
        // The library keeps a copy of the password and its intermediate state there.
        let data = UnsafeMutableRawBufferPointer.allocate(byteCount: CCrypt_data_count(), alignment: 16)
        unsafe data.initializeMemory(as: UInt8.self, repeating: 0)
        defer {
            unsafe OPENSSL_cleanse(data.baseAddress, data.count)
            unsafe data.deallocate()
        }
        let phrase = unsafe phrase?.assumingMemoryBound(to: CChar.self)
        guard let output = unsafe crypt_rn(phrase, setting, data.baseAddress, Int32(clamping: data.count)) else {
            return nil
        }
        return unsafe String(validatingCString: output).map { Array($0.utf8) }
    }
}
