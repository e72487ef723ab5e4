internal import COpenSSL

/// A TLS server certificate that vouches for itself; for development, where no authority is at hand.
package struct SelfSignedCertificate: Sendable {
    /// PEM text (RFC 7468).
    package let certificatePEM: String
    /// PKCS #8 PEM text.
    package let privateKeyPEM: SecretBytes

    /// Makes an ECDSA P-256 key and a certificate for it (RFC 5280: version 3, server authentication only).
    ///
    /// - Parameters:
    ///   - commonName: Name of the subject.
    ///   - dnsNames: Host names it is for.
    ///   - ipAddresses: Addresses it is for.
    ///   - days: How long it is valid.
    ///   - now: Seconds since 1970; it is valid from an hour before.
    ///   - random: Where the serial number comes from.
    /// - Returns: The certificate with its key.
    /// - Throws: `.malformed` for names OpenSSL does not take, or a validity that is not 1 to 3650 days.
    package static func make(
        commonName: String,
        dnsNames: [String],
        ipAddresses: [String],
        validForDays days: Int,
        now: Int64,
        random: any RandomSource
    ) throws(CryptographyError) -> SelfSignedCertificate {
        guard (1...3650).contains(days), (0...maximumTime).contains(now) else {
            throw CryptographyError(.malformed, "a development certificate is valid for 1 to 3650 days")
        }
        let alternatives = try alternativeNames(dnsNames: dnsNames, ipAddresses: ipAddresses)
        let key = try PrivateKey()
        let certificate = try CertificateBuilder()
        try certificate.setVersion3()
        try certificate.setSerial(random.bytes(16))
        try certificate.setValidity(from: now - 3600, to: now + Int64(days) * 86_400)
        try certificate.setNames(commonName)
        try certificate.setPublicKey(key)
        try certificate.add(NID_basic_constraints, "critical,CA:FALSE")
        // No key usage: with one, BoringSSL wants the right to sign certificates before it lets a certificate stand for
        // itself, and RFC 5280 section 4.2.1.3 keeps that right for authorities.
        try certificate.add(NID_ext_key_usage, "serverAuth")
        try certificate.add(NID_subject_alt_name, alternatives)
        try certificate.sign(with: key)
        return SelfSignedCertificate(certificatePEM: try certificate.pem(), privateKeyPEM: try key.pem())
    }

    /// The year 9000; ASN.1 times end with 9999 (RFC 5280 section 4.1.2.5).
    private static let maximumTime: Int64 = 221_845_392_000

    /// OpenSSL's text for the names.
    ///
    /// Only letters of names pass: a comma would begin another entry, and `dirName:` would read a configuration file.
    private static func alternativeNames(
        dnsNames: [String],
        ipAddresses: [String]
    ) throws(CryptographyError) -> String {
        let (letters, digits) = ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
        try check(dnsNames, letters: letters + digits + "-._*")
        try check(ipAddresses, letters: "abcdefABCDEF" + digits + ".:")
        guard !dnsNames.isEmpty || !ipAddresses.isEmpty else {
            throw CryptographyError(.malformed, "a server's certificate needs a name")
        }
        return (dnsNames.map { "DNS:\($0)" } + ipAddresses.map { "IP:\($0)" }).joined(separator: ",")
    }

    private static func check(_ names: [String], letters: String) throws(CryptographyError) {
        for name in names {
            guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy(letters.utf8.contains) else {
                throw CryptographyError(.malformed, "a name for the certificate is not one OpenSSL takes")
            }
        }
    }
}

/// Owns an EVP_PKEY.
@safe
private struct PrivateKey: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let key = unsafe COpenSSL_generate_p256() else { throw .openSSL("EVP_PKEY_Q_keygen") }
        unsafe pointer = key
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    func pem() throws(CryptographyError) -> SecretBytes {
        let buffer = try MemoryBuffer(isSecret: true)
        guard unsafe PEM_write_bio_PrivateKey(buffer.pointer, pointer, nil, nil, 0, nil, nil) == 1 else {
            throw .openSSL("PEM_write_bio_PrivateKey")
        }
        return unsafe buffer.withBytes { unsafe SecretBytes(copying: $0) }
    }
}

/// Owns an X509 under construction.
@safe
private struct CertificateBuilder: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(CryptographyError) {
        guard let certificate = unsafe X509_new() else { throw .openSSL("X509_new") }
        unsafe pointer = certificate
    }

    func setVersion3() throws(CryptographyError) {
        guard unsafe X509_set_version(pointer, 2) == 1 else { throw .openSSL("X509_set_version") }
    }

    deinit {
        unsafe X509_free(pointer)
    }

    func setSerial(_ bytes: [UInt8]) throws(CryptographyError) {
        // RFC 5280 section 4.1.2.2: positive, at most 20 octets.
        var serial = bytes
        serial[0] = serial[0] & 0x7F | 0x01
        let number = unsafe BN_bin2bn(serial, Int32(serial.count), nil)
        defer { unsafe BN_free(number) }
        guard unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else {
            throw .openSSL("BN_to_ASN1_INTEGER")
        }
    }

    func setValidity(from: Int64, to: Int64) throws(CryptographyError) {
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(from)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(to)) != nil
        else { throw .openSSL("ASN1_TIME_set") }
    }

    func setNames(_ commonName: String) throws(CryptographyError) {
        let name = unsafe X509_get_subject_name(pointer)
        let bytes = Array(commonName.utf8)
        // RFC 5280 appendix A.1: ub-common-name.
        guard (1...64).contains(bytes.count), !bytes.contains(0) else {
            throw CryptographyError(.malformed, "a certificate's common name has 1 to 64 bytes and no NUL")
        }
        guard unsafe X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1,
            unsafe X509_set_issuer_name(pointer, name) == 1
        else { throw .openSSL("X509_NAME_add_entry_by_txt") }
    }

    func setPublicKey(_ key: borrowing PrivateKey) throws(CryptographyError) {
        guard unsafe X509_set_pubkey(pointer, key.pointer) == 1 else { throw .openSSL("X509_set_pubkey") }
    }

    func add(_ identifier: Int32, _ value: String) throws(CryptographyError) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, pointer, pointer, nil, nil, 0)
        guard let extension_ = unsafe X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
            ERR_clear_error()
            throw CryptographyError(.malformed, "a name for the certificate is not one OpenSSL takes")
        }
        defer { unsafe X509_EXTENSION_free(extension_) }
        guard unsafe X509_add_ext(pointer, extension_, -1) == 1 else { throw .openSSL("X509_add_ext") }
    }

    func sign(with key: borrowing PrivateKey) throws(CryptographyError) {
        guard unsafe X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else { throw .openSSL("X509_sign") }
    }

    func pem() throws(CryptographyError) -> String {
        let buffer = try MemoryBuffer(isSecret: false)
        guard unsafe PEM_write_bio_X509(buffer.pointer, pointer) == 1 else { throw .openSSL("PEM_write_bio_X509") }
        return unsafe buffer.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

/// Owns a memory BIO; a secret one is zeroed when it is freed.
@safe
private struct MemoryBuffer: ~Copyable {
    let pointer: OpaquePointer

    init(isSecret: Bool) throws(CryptographyError) {
        guard let buffer = unsafe BIO_new(isSecret ? BIO_s_secmem() : BIO_s_mem()) else { throw .openSSL("BIO_new") }
        unsafe pointer = buffer
    }

    deinit {
        unsafe BIO_free(pointer)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var start: UnsafeMutablePointer<CChar>?
        let count = unsafe COpenSSL_bio_memory(pointer, &start)
        return unsafe body(UnsafeRawBufferPointer(start: start, count: max(count, 0)))
    }
}
