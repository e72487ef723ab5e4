import Cryptography
import Foundation
import ScriptedAuthenticator
import WebAuthn

/// A metadata file by script: every part can be bent before or after it is signed.
struct MetadataFile {
    /// What the file says and how it is signed; a test changes one thing in it.
    struct Script {
        var algorithm = COSEAlgorithm.es256
        /// Instead of the algorithm's name.
        var algorithmName: String?
        var subject = "/CN=signer"
        var extensions = "subjectAltName=DNS:other.example.org,DNS:MDS.fidoalliance.org\nbasicConstraints=CA:FALSE"
        /// Members after the two, with a comma before each.
        var moreHeader = ",\"typ\":\"JWT\""
        /// Instead of the signer's certificate.
        var certificates: [String]?
        /// Behind the signer's certificate.
        var authorities: [String] = []
        var number = "7"
        var nextUpdate = "2030-02-28"
        var entries: [String] = []
        /// Instead of all that.
        var payload: String?
        /// What happens to the signature.
        var bend: ([UInt8]) -> [UInt8] = { $0 }
    }

    static let model = "07070707-0707-0707-0707-070707070707"

    static func entry(
        _ model: String? = model,
        description: String = "Model Seven",
        keys: [String] = [],
        roots: [String] = [],
        statuses: [String] = ["FIDO_CERTIFIED"]
    ) -> String {
        let reports = statuses.map { "{\"status\":\"\($0)\",\"effectiveDate\":\"2024-02-29\"}" }.joined(separator: ",")
        let list = roots.map { "\"\($0)\"" }.joined(separator: ",")
        let identifiers = keys.map { "\"\($0)\"" }.joined(separator: ",")
        return "{\(model.map { "\"aaguid\":\"\($0)\"," } ?? "")"
            + (keys.isEmpty ? "" : "\"attestationCertificateKeyIdentifiers\":[\(identifiers)],")
            + "\"metadataStatement\":{\"description\":\"\(description)\",\"icon\":\"data:,\","
            + "\"attestationRootCertificates\":[\(list)]},\"statusReports\":[\(reports)],"
            + "\"timeOfLastStatusChange\":\"2024-02-29\"}"
    }

    static func base64(_ certificate: Certificate) -> String { Data(certificate.der).base64EncodedString() }

    let bytes: [UInt8]

    init(_ script: Script, signedUnder root: Attestor) throws {
        let signer = try ScriptedAuthenticator(script.algorithm)
        let leaf = try Attestor(
            subject: script.subject,
            extensions: script.extensions,
            signedBy: root,
            key: signer
        )
        let certificates = script.certificates ?? [Self.base64(leaf.certificate)] + script.authorities
        let chain = certificates.map { "\"\($0)\"" }.joined(separator: ",")
        let name = script.algorithmName ?? script.algorithm.signatureAlgorithm.rawValue.uppercased()
        let header = "{\"alg\":\"\(name)\",\"x5c\":[\(chain)]\(script.moreHeader)}"
        let payload =
            script.payload
            ?? "{\"legalHeader\":\"\",\"no\":\(script.number),\"nextUpdate\":\"\(script.nextUpdate)\","
            + "\"entries\":[\(script.entries.joined(separator: ","))]}"
        let signed = Array("\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(payload.utf8)))".utf8)
        let signature = try signer.sign(signed)
        let plain = script.algorithm == .es256 ? try Self.bareNumbers(signature) : signature
        bytes = signed + Array(".\(Base64URL.encode(script.bend(plain)))".utf8)
    }

    /// Two numbers of 32 bytes from an ECDSA signature in DER.
    private static func bareNumbers(_ signature: [UInt8]) throws -> [UInt8] {
        var outer = DERReader(signature)
        var sequence = try outer.sequence()
        return try [sequence.next(), sequence.next()].flatMap { element in
            let digits = Array(element.contents.drop { $0 == 0 })
            return [UInt8](repeating: 0, count: 32 - digits.count) + digits
        }
    }
}
