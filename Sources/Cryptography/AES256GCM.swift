internal import COpenSSL

/// Authenticated encryption with AES-256-GCM (NIST SP 800-38D), 96-bit nonces and 128-bit tags.
package enum AES256GCM {
    package static let keyCount = 32
    package static let nonceCount = 12
    package static let tagCount = 16

    /// Encrypts; the tag follows the ciphertext.
    ///
    /// - Throws: `.badKey` for a key or nonce of the wrong length.
    package static func seal(
        _ plaintext: SecretBytes,
        key: SecretBytes,
        nonce: [UInt8],
        additionalData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let context = try CipherContext.make(key: key, nonce: nonce, encrypts: true)
        try context.authenticate(additionalData)
        var sealed = try context.process(plaintext)
        try context.finish()
        sealed += try context.tag()
        return sealed
    }

    /// Decrypts what `seal` made.
    ///
    /// - Throws: `.authenticationFailed` when anything was altered, `.badKey` for wrong lengths.
    package static func open(
        _ sealed: some Collection<UInt8>,
        key: SecretBytes,
        nonce: [UInt8],
        additionalData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        guard sealed.count >= tagCount else {
            throw CryptographyError(.authenticationFailed, "a sealed value is too short")
        }
        let context = try CipherContext.make(key: key, nonce: nonce, encrypts: false)
        try context.authenticate(additionalData)
        let plaintext = try context.processSecret(Array(sealed.dropLast(tagCount)))
        try context.expectTag(Array(sealed.suffix(tagCount)))
        do {
            try context.finish()
        } catch {
            throw CryptographyError(
                .authenticationFailed,
                "a sealed value was altered, moved, or sealed under another key"
            )
        }
        return plaintext
    }
}

/// One encryption or decryption under way; owns OpenSSL's context.
@safe
private struct CipherContext: ~Copyable {
    private let context: OpaquePointer

    static func make(key: SecretBytes, nonce: [UInt8], encrypts: Bool) throws(CryptographyError) -> CipherContext {
        guard key.count == AES256GCM.keyCount, nonce.count == AES256GCM.nonceCount else {
            throw CryptographyError(.badKey, "AES-256-GCM takes a key of 32 bytes and a nonce of 12")
        }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .openSSL("EVP_CIPHER_CTX_new") }
        let owner = unsafe CipherContext(takingOwnershipOf: context)
        try owner.start(key: key, nonce: nonce, encrypts: encrypts)
        return owner
    }

    private init(takingOwnershipOf context: OpaquePointer) {
        unsafe self.context = context
    }

    private func start(key: SecretBytes, nonce: [UInt8], encrypts: Bool) throws(CryptographyError) {
        let status = unsafe key.withBytes { key in
            unsafe EVP_CipherInit_ex(
                context,
                EVP_aes_256_gcm(),
                nil,
                key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nonce,
                encrypts ? 1 : 0
            )
        }
        guard status == 1 else { throw .openSSL("EVP_CipherInit_ex") }
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    func authenticate(_ additionalData: [UInt8]) throws(CryptographyError) {
        guard let count = Int32(exactly: additionalData.count) else { throw .openSSL("EVP_CipherUpdate") }
        var written: Int32 = 0
        guard unsafe EVP_CipherUpdate(context, nil, &written, additionalData, count) == 1 else {
            throw .openSSL("EVP_CipherUpdate")
        }
    }

    func process(_ input: SecretBytes) throws(CryptographyError) -> [UInt8] {
        var status: Int32 = 1
        let output = unsafe [UInt8](unsafeUninitializedCapacity: input.count) { output, initialized in
            unsafe input.withBytes { unsafe status = update(UnsafeMutableRawBufferPointer(output), $0) }
            initialized = input.count
        }
        guard status == 1 else { throw .openSSL("EVP_CipherUpdate") }
        return output
    }

    func processSecret(_ input: [UInt8]) throws(CryptographyError) -> SecretBytes {
        var status: Int32 = 1
        let output = unsafe SecretBytes(count: input.count) { output in
            unsafe input.withUnsafeBytes { input in unsafe status = update(output, input) }
        }
        guard status == 1 else { throw .openSSL("EVP_CipherUpdate") }
        return output
    }

    private func update(_ output: UnsafeMutableRawBufferPointer, _ input: UnsafeRawBufferPointer) -> Int32 {
        guard input.count > 0 else { return 1 }
        guard let count = Int32(exactly: input.count) else { return 0 }
        var written: Int32 = 0
        return unsafe EVP_CipherUpdate(
            context,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self),
            &written,
            input.baseAddress?.assumingMemoryBound(to: UInt8.self),
            count
        )
    }

    func finish() throws(CryptographyError) {
        var written: Int32 = 0
        var rest = [UInt8](repeating: 0, count: 16)
        guard unsafe EVP_CipherFinal_ex(context, &rest, &written) == 1 else { throw .openSSL("EVP_CipherFinal_ex") }
    }

    func tag() throws(CryptographyError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AES256GCM.tagCount)
        let count = Int32(AES256GCM.tagCount)
        guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, count, &tag) == 1 else {
            throw .openSSL("EVP_CTRL_AEAD_GET_TAG")
        }
        return tag
    }

    func expectTag(_ tag: [UInt8]) throws(CryptographyError) {
        var tag = tag
        guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .openSSL("EVP_CTRL_AEAD_SET_TAG")
        }
    }
}
