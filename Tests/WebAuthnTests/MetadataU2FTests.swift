import Cryptography
import ScriptedAuthenticator
import Testing

@testable import WebAuthn

/// FIDO U2F signs no model's number: policies and metadata go by the attestation key.
struct MetadataU2FTests {
    private let root: Attestor
    private let leaf: Attestor
    private let claimed: AAGUID

    init() throws {
        root = try Attestor(subject: "/CN=Root", signedBy: nil)
        leaf = try Attestor(subject: "/CN=U2F", extensions: "basicConstraints=critical,CA:FALSE", signedBy: root)
        claimed = try #require(AAGUID(MetadataFile.model))
    }

    /// The identifier in the certificate's extension SubjectKeyIdentifier, which OpenSSL makes by the same method.
    private func identifier(of attestor: Attestor) throws -> String {
        let made = try Attestor(
            subject: "/CN=Copy",
            extensions: "subjectKeyIdentifier=hash",
            signedBy: root,
            sharing: attestor
        )
        var reader = DERReader(try #require(made.certificate.extensionValue("2.5.29.14")).value)
        return Hex.encode(try reader.octetString())
    }

    private func metadata(_ entries: String...) throws -> MetadataBlob {
        var script = MetadataFile.Script()
        script.entries = entries
        let file = try MetadataFile(script, signedUnder: root)
        return try MetadataBlob(file.bytes, trusting: MetadataTrust(anchors: [root.certificate], time: Attestor.now))
    }

    private func outcome(
        anchors: [Attestor] = [],
        policy: (inout AttestationPolicy) -> Void = { _ in }
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        do {
            return .success(
                try AttestationTests.verdict("fido-u2f", anchors: anchors, policy: policy) { signed, authenticator in
                    let (x, y) = authenticator.key.coordinates ?? ([], [])
                    let head = [0] + Array(signed.data.prefix(32)) + signed.hash
                    let id = ScriptedAuthenticator.Script().credentialID
                    return CBOR.map([
                        (CBOR.text("sig"), CBOR.bytes(try leaf.sign(head + id + [4] + x + y))),
                        (CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)])),
                    ])
                }
            )
        } catch let error as WebAuthnError {
            return .failure(error)
        }
    }

    @Test func `a claimed model opens no door`() throws {
        #expect(try outcome(anchors: [root]).get().isTrusted)
        let refused = WebAuthnError.attestationRefused(.model)
        #expect(try outcome(anchors: [root]) { $0.allowedModels = [claimed] } == .failure(refused))
        #expect(try outcome(anchors: [root]) { $0.allowedModels = [.zero] }.get().isTrusted)
        #expect(try outcome(anchors: [root]) { $0.deniedModels = [claimed] } == .failure(refused))
        #expect(try outcome(anchors: [root]) { $0.deniedModels = [.zero] } == .failure(refused))
        let notTrusted = WebAuthnError.attestationRefused(.notTrusted)
        #expect(try outcome { $0.anchors[claimed] = [root.certificate] } == .failure(notTrusted))
        #expect(try outcome { $0.anchors[.zero] = [root.certificate] }.get().isTrusted)
        let other = try metadata(MetadataFile.entry(roots: [MetadataFile.base64(root.certificate)]))
        #expect(try outcome { $0.metadata = other } == .failure(notTrusted))
    }

    @Test func `an entry is found by the attestation key, its roots are anchors`() throws {
        let key = try identifier(of: leaf)
        let roots = [MetadataFile.base64(root.certificate)]
        let metadata = try metadata(MetadataFile.entry(nil, keys: [key], roots: roots))
        #expect(metadata.models.isEmpty && metadata.entries(attestedBy: leaf.certificate).count == 1)
        #expect(metadata.entries(attestedBy: root.certificate).isEmpty)
        #expect(try outcome { $0.metadata = metadata }.get().isTrusted)
        let bare = try self.metadata(MetadataFile.entry(nil, keys: [key]))
        #expect(
            try outcome(anchors: [root]) { $0.metadata = bare } == .failure(.attestationRefused(.notTrusted))
        )
    }

    @Test func `a compromised key's authenticators are refused, whoever shares it`() throws {
        let key = try identifier(of: leaf)
        let fine = MetadataFile.entry(nil, keys: [key], roots: [MetadataFile.base64(root.certificate)])
        let revoked = MetadataFile.entry(nil, keys: [key], statuses: ["REVOKED"])
        for entries in [(fine, revoked), (revoked, fine)] {
            let metadata = try metadata(entries.0, entries.1)
            #expect(try outcome { $0.metadata = metadata } == .failure(.attestationRefused(.compromisedModel)))
        }
        let other = try metadata(
            fine,
            MetadataFile.entry(nil, keys: [String(repeating: "0", count: 40)], statuses: ["REVOKED"])
        )
        #expect(try outcome { $0.metadata = other }.get().isTrusted)
    }

    @Test(arguments: ["", "00", "zz", String(repeating: "0", count: 42)])
    func `a key's identifier is twenty bytes`(key: String) throws {
        #expect(throws: MetadataError.malformedPayload) { try metadata(MetadataFile.entry(nil, keys: [key])) }
    }
}
