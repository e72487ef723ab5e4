/// What a TPM signs to certify a key, TPMS_ATTEST of the certify kind (TPM 2.0 Library part 2 section 10.12.8).
struct TPMCertification: Sendable, Hashable {
    /// What the caller bound it to.
    let extraData: [UInt8]
    /// The name of the certified key.
    let name: [UInt8]

    /// Reads the structure; its magic and type must be those of a certification made in a TPM.
    init(_ bytes: [UInt8]) throws(AttestationError) {
        var reader = TPMReader(bytes)
        guard try reader.long() == TPMConstant.magic, try reader.short() == TPMConstant.certify else {
            throw .malformedStructure
        }
        // qualifiedSigner.
        _ = try reader.sized()
        extraData = try reader.sized()
        // clockInfo (17 bytes) and firmwareVersion (8 bytes).
        _ = try reader.take(25)
        name = try reader.sized()
        // qualifiedName.
        _ = try reader.sized()
        guard reader.isAtEnd else { throw .malformedStructure }
    }
}
