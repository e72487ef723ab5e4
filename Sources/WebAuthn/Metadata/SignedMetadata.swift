internal import Cryptography
internal import FoundationEssentials

/// Metadata as they come: a JWS in compact serialisation with the signer's certificates (RFC 7515 sections 4.1.6 and 7.1).
struct SignedMetadata {
    /// The longest that is read, in bytes; those of 2025 have about 10 MB, most of it icons.
    static let limit = 32 << 20
    private static let headerLimit = 65_536

    private let header: SignedMetadataHeader
    private let signedLetters: [UInt8]
    private let payloadLetters: ArraySlice<UInt8>
    private let signature: [UInt8]

    /// Takes the parts apart; nothing of the payload is looked at.
    init(_ bytes: [UInt8]) throws(MetadataError) {
        guard bytes.count <= Self.limit else { throw .tooLarge }
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= Self.headerLimit,
            let header = Base64URL.decode(parts[0]), let signature = Base64URL.decode(parts[2])
        else { throw .malformedToken }
        self.header = try SignedMetadataHeader(header)
        self.signature = signature
        payloadLetters = parts[1]
        signedLetters = Array(bytes[..<parts[1].endIndex])
    }

    /// The payload, once the signer's certificates and the signature hold.
    func payload(trusting trust: MetadataTrust) throws(MetadataError) -> [UInt8] {
        try trust.check(header.certificates)
        guard let key = header.certificates.first?.publicKey,
            header.algorithm.isValid(signature, by: key, of: signedLetters)
        else { throw .wrongSignature }
        guard let payload = Base64URL.decode(payloadLetters) else { throw .malformedToken }
        return payload
    }
}

/// What the header of signed metadata says; everything in it is a stranger's word until the signature holds.
struct SignedMetadataHeader {
    let algorithm: MetadataAlgorithm
    /// 1 to 10, the signer's first.
    let certificates: [Certificate]
    private static let depth = 3

    init(_ bytes: [UInt8]) throws(MetadataError) {
        guard String(validating: bytes, as: UTF8.self) != nil,
            let members = try? JSONObjectParser.parse(bytes, depth: Self.depth)
        else { throw .malformedHeader }
        // RFC 7515 section 4.1.11: what must be understood, and we understand none.
        guard members[Array("crit".utf8)] == nil, case .string(let name) = members[Array("alg".utf8)] else {
            throw .malformedHeader
        }
        guard let algorithm = MetadataAlgorithm(name: name) else { throw .algorithmNotAllowed }
        self.algorithm = algorithm
        certificates = try Self.certificates(members[Array("x5c".utf8)])
    }

    private static func certificates(_ value: JSONValue?) throws(MetadataError) -> [Certificate] {
        guard case .array(let items) = value, (1...10).contains(items.count) else { throw .malformedCertificates }
        var certificates: [Certificate] = []
        for item in items {
            // RFC 7515 section 4.1.6: base64 with padding here, not base64url.
            guard case .string(let letters) = item, let der = Data(base64Encoded: Data(letters)),
                let certificate = try? Certificate(der: Array(der))
            else { throw .malformedCertificates }
            certificates.append(certificate)
        }
        return certificates
    }
}
