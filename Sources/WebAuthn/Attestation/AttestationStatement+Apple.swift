internal import Cryptography

extension AttestationStatement {
    /// Apple's anonymous attestation (Level 3 section 8.8): the certificate is for this credential and this ceremony.
    ///
    /// Older devices send `alg`, too; it says nothing, since nothing but the certificate is signed.
    func verifyApple() throws(AttestationError) -> AttestationFinding {
        guard members.hasExactly("x5c") || members.hasExactly("alg", "x5c") else { throw .malformedStatement }
        let certificates = try certificates()
        guard let found = certificates[0].extensionValue("1.2.840.113635.100.8.2") else { throw .wrongCertificate }
        let bound = try structure { () throws(CryptographyError) in try nonce(in: found.value) }
        guard bound == SHA256.digest(of: signedBytes) else { throw .wrongBinding }
        guard certificates[0].publicKey == credential.publicKey.verificationKey else { throw .wrongKey }
        return AttestationFinding(.anonymizationCA, certificates)
    }

    /// `SEQUENCE { [1] EXPLICIT OCTET STRING }`, with nothing around.
    private func nonce(in value: [UInt8]) throws(CryptographyError) -> [UInt8] {
        var outer = DERReader(value)
        var sequence = try outer.sequence()
        guard outer.isAtEnd else { throw CryptographyError(.malformed, "a nonce extension is malformed") }
        let element = try sequence.next()
        guard sequence.isAtEnd, element.tag == .context(1), element.isConstructed else {
            throw CryptographyError(.malformed, "a nonce extension is malformed")
        }
        var inner = DERReader(element.contents)
        let nonce = try inner.octetString()
        guard inner.isAtEnd else { throw CryptographyError(.malformed, "a nonce extension is malformed") }
        return nonce
    }
}
