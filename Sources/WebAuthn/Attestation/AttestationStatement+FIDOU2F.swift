internal import Cryptography

extension AttestationStatement {
    /// FIDO U2F attestation (Level 3 section 8.6).
    ///
    /// The standard sets no rule for the model's number, so one that is not zero is no reason to refuse. But it is not
    /// signed, so no policy may rest on it.
    func verifyFIDOU2F() throws(AttestationError) -> AttestationFinding {
        guard members.hasExactly("sig", "x5c") else { throw .malformedStatement }
        let certificates = try certificates()
        guard certificates.count == 1 else { throw .malformedCertificates }
        guard certificates[0].publicKey?.kind == .ellipticCurve(.p256) else { throw .wrongCertificate }
        // Reading the key has seen to it that both coordinates have 32 bytes.
        guard credential.publicKey.algorithm == .es256,
            let (x, y) = credential.publicKey.verificationKey.coordinates
        else { throw .wrongKey }
        let signed =
            [0x00] + authenticatorData.relyingPartyHash + clientDataHash + credential.id + [0x04] + x + y
        guard isValid(try signature(), by: certificates[0], of: signed, .es256) else { throw .wrongSignature }
        return AttestationFinding(.basic, certificates, isModelSigned: false)
    }
}
