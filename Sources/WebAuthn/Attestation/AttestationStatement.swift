internal import Cryptography

/// A statement with everything a format's procedure reads besides.
struct AttestationStatement: Sendable {
    let members: CBORMap
    let authenticatorData: AuthenticatorData
    let credential: AttestedCredential
    /// SHA-256 of the client data as it came.
    let clientDataHash: [UInt8]

    /// What most formats sign: authenticator data and client data's hash.
    var signedBytes: [UInt8] { authenticatorData.bytes + clientDataHash }

    /// Runs a format's verification procedure.
    func verify(
        as format: AttestationFormat,
        needsAndroidHardware: Bool
    ) throws(AttestationError) -> AttestationFinding {
        switch format {
        case .none: try verifyNone()
        case .packed: try verifyPacked()
        case .fidoU2F: try verifyFIDOU2F()
        case .apple: try verifyApple()
        case .androidKey: try verifyAndroidKey(needsHardware: needsAndroidHardware)
        case .tpm: try verifyTPM()
        // Its parts are verified one by one, and none is compound itself.
        case .compound: throw .malformedStatement
        }
    }

    /// The member `sig`.
    func signature() throws(AttestationError) -> [UInt8] {
        guard let signature = members["sig"]?.byteString else { throw .malformedStatement }
        return signature
    }

    /// The member `alg`.
    func algorithm() throws(AttestationError) -> COSEAlgorithm {
        guard let algorithm = COSEAlgorithm(members["alg"]) else { throw .wrongAlgorithm }
        return algorithm
    }

    /// The member `x5c`, 1 to 10 certificates, the attesting one first.
    func certificates() throws(AttestationError) -> [Certificate] {
        guard let items = members["x5c"]?.items, (1...10).contains(items.count) else { throw .malformedCertificates }
        var certificates: [Certificate] = []
        for item in items {
            guard let der = item.byteString, let certificate = try? Certificate(der: der) else {
                throw .malformedCertificates
            }
            certificates.append(certificate)
        }
        return certificates
    }

    /// The attesting certificate's extension `id-fido-gen-ce-aaguid`, where there is one, names this model.
    ///
    /// Sections 8.2.1 and 8.3.1: the value is an OCTET STRING within the extension's own, and not critical.
    func checkModel(in certificate: Certificate) throws(AttestationError) {
        guard let found = certificate.extensionValue("1.3.6.1.4.1.45724.1.1.4") else { return }
        guard !found.isCritical else { throw .wrongCertificate }
        var reader = DERReader(found.value)
        let model = try structure { () throws(CryptographyError) in try reader.octetString() }
        guard reader.isAtEnd, model == credential.aaguid.bytes else { throw .wrongModel }
    }

    /// Reads DER, whose faults are the statement's.
    func structure<Value>(_ read: () throws(CryptographyError) -> Value) throws(AttestationError) -> Value {
        do {
            return try read()
        } catch {
            throw .malformedStructure
        }
    }

    /// Whether a certificate's key made a signature; no key of a kind we know made none.
    func isValid(
        _ signature: [UInt8],
        by certificate: Certificate,
        of message: [UInt8],
        _ algorithm: COSEAlgorithm
    ) -> Bool {
        certificate.publicKey?.isValid(signature: signature, of: message, algorithm.signatureAlgorithm) == true
    }
}
