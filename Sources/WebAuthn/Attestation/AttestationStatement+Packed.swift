internal import Cryptography

extension AttestationStatement {
    /// Packed attestation (Level 3 section 8.2): by a certificate's key, or by the credential's own.
    func verifyPacked() throws(AttestationError) -> AttestationFinding {
        let algorithm = try algorithm()
        guard algorithm != .rs1 else { throw .wrongAlgorithm }
        guard members["x5c"] != nil else { return try verifyPackedSelf(algorithm) }
        guard members.hasExactly("alg", "sig", "x5c") else { throw .malformedStatement }
        let certificates = try certificates()
        let leaf = certificates[0]
        guard isValid(try signature(), by: leaf, of: signedBytes, algorithm) else { throw .wrongSignature }
        guard leaf.isPackedAttestation else { throw .wrongCertificate }
        try checkModel(in: leaf)
        return AttestationFinding(.basic, certificates)
    }

    private func verifyPackedSelf(_ algorithm: COSEAlgorithm) throws(AttestationError) -> AttestationFinding {
        guard members.hasExactly("alg", "sig") else { throw .malformedStatement }
        guard algorithm == credential.publicKey.algorithm else { throw .wrongAlgorithm }
        guard credential.publicKey.isValid(signature: try signature(), of: signedBytes) else { throw .wrongSignature }
        return AttestationFinding(.self)
    }
}

extension Certificate {
    /// Section 8.2.1: version 3, country, organisation and name given, the one organisational unit, no authority.
    fileprivate var isPackedAttestation: Bool {
        let unit = subjectValues("2.5.4.11").map { Array($0.utf8) }
        let country = subjectValues("2.5.4.6")
        return version == 3 && unit == [Array("Authenticator Attestation".utf8)]
            && country.count == 1 && country.allSatisfy { $0.utf8.count == 2 }
            && subjectValues("2.5.4.10").contains { !$0.isEmpty } && subjectValues("2.5.4.3").contains { !$0.isEmpty }
            && hasBasicConstraints && !isAuthority
    }
}
