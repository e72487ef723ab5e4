internal import COpenSSL

/// A private key that we sign with.
///
/// It is kept as it was written, and read anew for each signature: those are rare, and so nothing of OpenSSL's is shared
/// between threads.
package struct SigningKey: Sendable {
    private let pem: SecretBytes
    /// The public half.
    package let verificationKey: VerificationKey

    package var kind: VerificationKey.Kind { verificationKey.kind }

    /// Reads a private key in PEM without a passphrase (RFC 7468, RFC 5958).
    ///
    /// - Throws: `.badKey`, also for a kind of key that we check no signatures with.
    package init(pem: SecretBytes) throws(CryptographyError) {
        let key = try PrivateKeyHandle(pem: pem)
        verificationKey = try VerificationKey(subjectPublicKeyInfo: key.publicHalf)
        self.pem = pem
    }

    /// Signs a message; an ECDSA signature is DER.
    ///
    /// - Throws: `.badKey` when the algorithm is not for this kind of key.
    package func signature(of message: [UInt8], _ algorithm: SignatureAlgorithm) throws(CryptographyError) -> [UInt8] {
        guard algorithm.fits(kind) else { throw PrivateKeyHandle.unfit }
        return try PrivateKeyHandle(pem: pem).signature(of: message, algorithm)
    }
}

/// Owns an EVP_PKEY with a private half.
@safe
private struct PrivateKeyHandle: ~Copyable {
    static let unfit = CryptographyError(.badKey, "a private key cannot be read, or is not one that we sign with")
    /// What is longer holds no key of ours.
    private static let maximumBytes = 16_384

    private let pointer: OpaquePointer

    init(pem: SecretBytes) throws(CryptographyError) {
        defer { ERR_clear_error() }
        guard (1...Self.maximumBytes).contains(pem.count), let key = unsafe Self.read(pem) else { throw Self.unfit }
        unsafe pointer = key
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    var publicHalf: [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_PUBKEY(pointer, &encoded)
        defer { unsafe CRYPTO_free(encoded, nil, 0) }
        guard let encoded = unsafe encoded, count > 0 else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: encoded, count: Int(count)))
    }

    func signature(of message: [UInt8], _ algorithm: SignatureAlgorithm) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_MD_CTX_new() else { throw Self.unfit }
        defer { unsafe EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        let digest = unsafe algorithm.digest?.implementation
        guard unsafe EVP_DigestSignInit(context, &keyContext, digest, nil, pointer) == 1 else { throw Self.unfit }
        if algorithm.usesPSS {
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1
            else { throw Self.unfit }
        }
        var count = 0
        guard unsafe EVP_DigestSign(context, nil, &count, message, message.count) == 1 else { throw Self.unfit }
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else { throw Self.unfit }
        return Array(signature.prefix(count))
    }

    private static func read(_ pem: SecretBytes) -> OpaquePointer? {
        unsafe pem.withBytes { bytes in
            let length = Int32(clamping: bytes.count)
            guard let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, length) else { return nil }
            defer { unsafe BIO_free(bio) }
            // Without a function of ours OpenSSL would ask the terminal for the passphrase of a sealed key.
            return unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
        }
    }
}
