internal import COpenSSL

extension VerificationKey {
    /// A signature that is longer is none.
    private static let maximumSignatureBytes = 8192

    /// Whether a signature fits a message.
    ///
    /// False for what does not verify, is malformed, or does not belong to this kind of key; ES256 demands P-256, and so
    /// on. An ECDSA signature must be the one DER encoding of its two numbers.
    package func isValid(signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
        defer { ERR_clear_error() }
        guard algorithm.fits(kind), (1...Self.maximumSignatureBytes).contains(signature.count) else { return false }
        if case .ellipticCurve = kind, !Self.isCanonical(signature) { return false }
        guard let key = try? PublicKeyHandle(self), let context = unsafe EVP_MD_CTX_new() else {
            return false
        }
        defer { unsafe EVP_MD_CTX_free(context) }
        let digest = unsafe algorithm.digest?.implementation
        var keyContext: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &keyContext, digest, nil, key.pointer) == 1 else { return false }
        if algorithm.usesPSS {
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1,
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1
            else { return false }
        }
        // The call wants an address, also for a message of no bytes.
        let contents = message.isEmpty ? [0] : message
        return unsafe EVP_DigestVerify(context, signature, signature.count, contents, message.count) == 1
    }

    private static func isCanonical(_ signature: [UInt8]) -> Bool {
        unsafe signature.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            guard let parsed = unsafe d2i_ECDSA_SIG(nil, &next, bytes.count) else { return false }
            defer { unsafe ECDSA_SIG_free(parsed) }
            var encoded: UnsafeMutablePointer<UInt8>?
            let count = unsafe i2d_ECDSA_SIG(parsed, &encoded)
            defer { unsafe CRYPTO_free(encoded, nil, 0) }
            guard let encoded = unsafe encoded, count == bytes.count else { return false }
            return unsafe UnsafeBufferPointer(start: encoded, count: bytes.count).elementsEqual(bytes)
        }
    }
}

/// Owns an EVP_PKEY.
@safe
struct PublicKeyHandle: ~Copyable {
    let pointer: OpaquePointer

    /// The key for OpenSSL; a point is put on its curve by name, and refused when it is not on it.
    ///
    /// The general decoder takes longer for a point than verifying with it does: 110 µs of processor time against 63.
    init(_ key: VerificationKey) throws(CryptographyError) {
        guard case .ellipticCurve(let curve) = key.kind else {
            try self.init(subjectPublicKeyInfo: key.subjectPublicKeyInfo)
            return
        }
        try self.init(point: Array(key.subjectPublicKeyInfo.dropFirst(curve.prefix.count - 1)), of: curve)
    }

    /// An uncompressed point (SEC 1 section 2.3.3).
    private init(point: [UInt8], of curve: VerificationKey.Curve) throws(CryptographyError) {
        guard let key = unsafe COpenSSL_public_point(curve.groupName, point, point.count) else {
            ERR_clear_error()
            throw CryptographyError(.badKey, "a public key is malformed")
        }
        unsafe pointer = key
    }

    private init(subjectPublicKeyInfo info: [UInt8]) throws(CryptographyError) {
        let key = unsafe info.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            let key = unsafe d2i_PUBKEY(nil, &next, bytes.count)
            return unsafe next == bytes.baseAddress.map { unsafe $0 + bytes.count } ? key : nil
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw CryptographyError(.badKey, "a public key is malformed")
        }
        unsafe pointer = key
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// Whether a point is on its curve, and the like.
    var isWellFormed: Bool {
        defer { ERR_clear_error() }
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_public_check(context) == 1
    }
}
