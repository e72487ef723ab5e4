internal import Cryptography

extension AttestationStatement {
    /// Android's key attestation (Level 3 section 8.4).
    ///
    /// - Parameter needsHardware: Whether only what the trusted environment enforces counts.
    /// - Returns: Basic attestation.
    /// - Throws: `AttestationError`.
    func verifyAndroidKey(needsHardware: Bool) throws(AttestationError) -> AttestationFinding {
        guard members.hasExactly("alg", "sig", "x5c") else { throw .malformedStatement }
        let algorithm = try algorithm()
        let certificates = try certificates()
        let leaf = certificates[0]
        guard isValid(try signature(), by: leaf, of: signedBytes, algorithm) else { throw .wrongSignature }
        guard leaf.publicKey == credential.publicKey.verificationKey else { throw .wrongKey }
        guard let found = leaf.extensionValue("1.3.6.1.4.1.11129.2.1.17") else { throw .wrongCertificate }
        let description = try structure { () throws(CryptographyError) in try AndroidKeyDescription(found.value) }
        guard description.challenge == clientDataHash else { throw .wrongBinding }
        guard description.isAcceptable(needsHardware: needsHardware) else { throw .wrongAuthorization }
        return AttestationFinding(.basic, certificates)
    }
}
