package import Cryptography

/// A signed JWT in compact form (RFC 7515 section 7.1), taken apart and not yet believed.
///
/// Of its header only algorithm, key identifier and type are looked at: what else it says about keys (`jku`, `x5u`, `jwk`,
/// `x5c`) is the word of whoever made it, and a demand (`crit`) that we do not know is refused (SECURITY OI-06).
package struct JSONWebToken: Sendable {
    private static let maximumBytes = 32_768

    package let algorithm: JWTAlgorithm
    package let keyID: String?
    package let type: String?
    package let claims: ClaimSet
    /// What is signed.
    let signed: [UInt8]
    let signature: [UInt8]

    /// - Throws: `.tokenMalformed`, `.algorithmRefused`, `.tokenCritical`, `.claimsMalformed`.
    package init(_ token: SecretBytes) throws(OpenIDError) {
        guard (1...Self.maximumBytes).contains(token.count) else { throw OpenIDError(.tokenMalformed) }
        let text = token.withBytes { Array($0) }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let header = ClaimSet(json: header)
        else { throw OpenIDError(.tokenMalformed) }
        guard header["crit"] == nil, header["b64"] == nil, header["zip"] == nil else {
            throw OpenIDError(.tokenCritical)
        }
        guard let algorithm = header.string("alg").flatMap(JWTAlgorithm.init(rawValue:)) else {
            throw OpenIDError(.algorithmRefused)
        }
        for name in ["kid", "typ", "cty"] where header[name] != nil && header.string(name) == nil {
            throw OpenIDError(.tokenMalformed)
        }
        guard let claims = ClaimSet(json: payload) else { throw OpenIDError(.claimsMalformed) }
        self.algorithm = algorithm
        keyID = header.string("kid")
        type = header.string("typ")
        self.claims = claims
        signed = Array(text[..<parts[1].endIndex])
        self.signature = signature
    }

    /// Whether a key made the signature.
    func isSigned(by key: VerificationKey) -> Bool {
        guard algorithm.fits(key.kind) else { return false }
        guard let count = algorithm.coordinateCount else {
            return key.isValid(signature: signature, of: signed, algorithm.signatureAlgorithm)
        }
        guard let der = ECDSASignature.der(signature, coordinateCount: count) else { return false }
        return key.isValid(signature: der, of: signed, algorithm.signatureAlgorithm)
    }
}
