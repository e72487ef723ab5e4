internal import Cryptography

extension AttestationStatement {
    /// Attestation by a TPM (Level 3 section 8.3).
    func verifyTPM() throws(AttestationError) -> AttestationFinding {
        guard members.hasExactly("alg", "sig", "ver", "x5c", "pubArea", "certInfo"),
            members["ver"]?.textBytes == Array("2.0".utf8),
            let publicArea = members["pubArea"]?.byteString, let certInfo = members["certInfo"]?.byteString
        else { throw .malformedStatement }
        let algorithm = try algorithm()
        let certificates = try certificates()
        try check(publicArea, certInfo, algorithm)
        let leaf = certificates[0]
        guard isValid(try signature(), by: leaf, of: certInfo, algorithm) else { throw .wrongSignature }
        guard leaf.isAttestationIdentityKey else { throw .wrongCertificate }
        try checkModel(in: leaf)
        return AttestationFinding(.attestationCA, certificates)
    }

    /// The certified key is the credential's, and it was certified for this ceremony.
    private func check(
        _ publicArea: [UInt8],
        _ certInfo: [UInt8],
        _ algorithm: COSEAlgorithm
    ) throws(AttestationError) {
        let area = try TPMPublicArea(publicArea)
        guard area.isSameKey(as: credential.publicKey.verificationKey) else { throw .wrongKey }
        guard let digest = algorithm.digest(of: signedBytes) else { throw .wrongAlgorithm }
        let certification = try TPMCertification(certInfo)
        guard certification.extraData == digest else { throw .wrongBinding }
        guard let name = area.name, certification.name == name else { throw .wrongKey }
    }
}

extension COSEAlgorithm {
    /// The digest by the hash function of the algorithm; nil for those without one.
    fileprivate func digest(of bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .es256, .rs256, .ps256: SHA256.digest(of: bytes)
        case .es384, .rs384, .ps384: SHA384.digest(of: bytes)
        case .es512, .rs512, .ps512: SHA512.digest(of: bytes)
        case .rs1: SHA1.digest(of: bytes)
        case .edDSA, .ed448: nil
        }
    }
}

extension Certificate {
    /// Section 8.3.1: version 3, no subject, the TPM's maker, model and version in a critical alternative name, made for
    /// attestation identity keys, no authority.
    fileprivate var isAttestationIdentityKey: Bool {
        let identifiers = Set(alternativeDirectoryAttributes.map(\.objectIdentifier))
        return version == 3 && isSubjectEmpty && isCriticalAlternativeName
            && identifiers.isSuperset(of: ["2.23.133.2.1", "2.23.133.2.2", "2.23.133.2.3"])
            && alternativeDirectoryAttributes.allSatisfy { $0.objectIdentifier != "2.23.133.2.1" || $0.value.isVendor }
            && extendedKeyUsages.contains("2.23.133.8.3")
            && hasBasicConstraints && !isAuthority
    }
}

extension String {
    /// Whether this is a TPM maker's number as certificates write it: `id:` and eight hexadecimal digits.
    fileprivate var isVendor: Bool {
        utf8.count == 11 && utf8.starts(with: "id:".utf8) && Hex.decode(String(dropFirst(3))) != nil
    }
}
