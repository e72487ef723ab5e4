internal import COpenSSL

/// Paths of certificates from one that attests to one that is trusted (RFC 5280 section 6).
package enum CertificatePath {
    private static let maximumCertificates = 10
    private static let maximumDepth: Int32 = 6

    /// Whether a path leads from `leaf` over `intermediates` to one of `anchors`, and to nothing else.
    ///
    /// An anchor may be the leaf itself. A root among the intermediates is trusted no more than the others. Every
    /// certificate is valid at `time`, has a key that we check signatures with, and all that sign others may do so; RSA
    /// has 2048 bits and no signature but an anchor's own is made with SHA-1.
    ///
    /// - Parameters:
    ///   - leaf: Whose key attests.
    ///   - intermediates: At most nine others, in any order.
    ///   - anchors: What is trusted.
    ///   - time: Seconds since 1970.
    /// - Returns: Whether there is such a path.
    package static func verify(
        leaf: Certificate,
        intermediates: [Certificate],
        anchors: [Certificate],
        at time: Int64
    ) -> Bool {
        guard intermediates.count < maximumCertificates, !anchors.isEmpty,
            ([leaf] + intermediates).allSatisfy({ $0.publicKey != nil && $0.validity.contains(time) })
        else { return false }
        defer { ERR_clear_error() }
        do {
            let others = try CertificateList()
            let store = try AnchorStore()
            for certificate in intermediates { try others.add(certificate) }
            for anchor in anchors { try store.add(anchor) }
            return try isPath(leaf, others, store, time)
        } catch {
            return false
        }
    }

    private static func isPath(
        _ leaf: Certificate,
        _ others: borrowing CertificateList,
        _ anchors: borrowing AnchorStore,
        _ time: Int64
    ) throws(CryptographyError) -> Bool {
        let handle = try CertificateHandle(leaf)
        guard let context = unsafe X509_STORE_CTX_new() else { throw .openSSL("X509_STORE_CTX_new") }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, anchors.pointer, handle.pointer, others.pointer) == 1,
            let parameters = unsafe X509_STORE_CTX_get0_param(context)
        else { throw .openSSL("X509_STORE_CTX_init") }
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, maximumDepth)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        // Any certificate that is trusted ends a path, not only one that signed itself.
        guard unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN)) == 1 else {
            throw .openSSL("X509_VERIFY_PARAM_set_flags")
        }
        return unsafe X509_verify_cert(context) == 1
    }
}

/// Reads a certificate for OpenSSL; the caller frees it.
private func makeX509(_ certificate: Certificate) throws(CryptographyError) -> OpaquePointer {
    let made = unsafe certificate.der.withUnsafeBufferPointer { bytes in
        var next = bytes.baseAddress
        return unsafe d2i_X509(nil, &next, bytes.count)
    }
    guard let made = unsafe made else { throw .openSSL("d2i_X509") }
    return unsafe made
}

/// Owns an X509.
@safe
private struct CertificateHandle: ~Copyable {
    let pointer: OpaquePointer

    init(_ certificate: Certificate) throws(CryptographyError) {
        unsafe pointer = try unsafe makeX509(certificate)
    }

    deinit {
        unsafe X509_free(pointer)
    }
}

/// Owns a list of certificates that nobody trusts yet.
@safe
private struct CertificateList: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let list = unsafe COpenSSL_certificates_new() else { throw .openSSL("sk_X509_new_null") }
        unsafe pointer = list
    }

    func add(_ certificate: Certificate) throws(CryptographyError) {
        let made = try unsafe makeX509(certificate)
        guard unsafe COpenSSL_certificates_push(pointer, made) > 0 else {
            unsafe X509_free(made)
            throw .openSSL("sk_X509_push")
        }
    }

    deinit {
        unsafe COpenSSL_certificates_free(pointer)
    }
}

/// Owns an X509_STORE with what is trusted.
@safe
private struct AnchorStore: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let store = unsafe X509_STORE_new() else { throw .openSSL("X509_STORE_new") }
        unsafe pointer = store
    }

    func add(_ anchor: Certificate) throws(CryptographyError) {
        let handle = try CertificateHandle(anchor)
        guard unsafe X509_STORE_add_cert(pointer, handle.pointer) == 1 else { throw .openSSL("X509_STORE_add_cert") }
    }

    deinit {
        unsafe X509_STORE_free(pointer)
    }
}
