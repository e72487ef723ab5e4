import Cryptography
import ScriptedAuthenticator
import Testing

@testable import WebAuthn

/// What metadata do to registrations: anchors of a model, and models that are compromised.
struct MetadataPolicyTests {
    private let root: Attestor
    private let maker: AttestationTests.Maker
    private let model: AAGUID

    init() throws {
        root = try Attestor(subject: "/CN=Root", signedBy: nil)
        maker = try AttestationTests.Maker()
        model = try #require(AAGUID(MetadataFile.model))
    }

    private func metadata(_ entries: String...) throws -> MetadataBlob {
        var script = MetadataFile.Script()
        script.entries = entries
        let file = try MetadataFile(script, signedUnder: root)
        return try MetadataBlob(file.bytes, trusting: MetadataTrust(anchors: [root.certificate], time: Attestor.now))
    }

    private func outcome(
        anchors: [Attestor] = [],
        policy: (inout AttestationPolicy) -> Void
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        do {
            return .success(
                try AttestationTests.verdict("packed", anchors: anchors, policy: policy) { signed, _ in
                    CBOR.map([
                        (CBOR.text("alg"), CBOR.integer(-7)),
                        (CBOR.text("sig"), CBOR.bytes(try maker.leaf.sign(signed.data + signed.hash))),
                        (CBOR.text("x5c"), CBOR.array([CBOR.bytes(maker.leaf.certificate.der)])),
                    ])
                }
            )
        } catch let error as WebAuthnError {
            return .failure(error)
        }
    }

    @Test func `a model's roots in the metadata are its anchors`() throws {
        let right = try metadata(MetadataFile.entry(roots: [MetadataFile.base64(maker.root.certificate)]))
        #expect(try outcome { $0.metadata = right }.get().isTrusted)
        let notTrusted = WebAuthnError.attestationRefused(.notTrusted)
        let wrong = try metadata(MetadataFile.entry(roots: [MetadataFile.base64(root.certificate)]))
        #expect(try outcome { $0.metadata = wrong } == .failure(notTrusted))
        // They stand in place of the common ones, even when there are none.
        #expect(try outcome(anchors: [maker.root]) { $0.metadata = wrong } == .failure(notTrusted))
        let bare = try metadata(MetadataFile.entry())
        #expect(try outcome(anchors: [maker.root]) { $0.metadata = bare } == .failure(notTrusted))
        let silent = try metadata("{\"aaguid\":\"\(MetadataFile.model)\",\"statusReports\":[]}")
        #expect(silent[model]?.statement == nil && silent[model]?.verdict == .acceptable)
        #expect(try outcome(anchors: [maker.root]) { $0.metadata = silent } == .failure(notTrusted))
        // Another model's say nothing of this one.
        let other = try metadata(
            MetadataFile.entry(
                "08080808-0808-0808-0808-080808080808",
                roots: [MetadataFile.base64(maker.root.certificate)]
            )
        )
        #expect(try outcome { $0.metadata = other } == .failure(notTrusted))
        #expect(try outcome(anchors: [maker.root]) { $0.metadata = other }.get().isTrusted)
    }

    @Test func `the administrator's anchors of a model count before all others`() throws {
        let stranger = try Attestor(subject: "/CN=Stranger", signedBy: nil)
        let right = try metadata(MetadataFile.entry(roots: [MetadataFile.base64(maker.root.certificate)]))
        let notTrusted = WebAuthnError.attestationRefused(.notTrusted)
        #expect(try outcome { $0.anchors[model] = [maker.root.certificate] }.get().isTrusted)
        #expect(
            try outcome(anchors: [maker.root]) { $0.anchors[model] = [stranger.certificate] } == .failure(notTrusted)
        )
        #expect(try outcome(anchors: [maker.root]) { $0.anchors[model] = [] } == .failure(notTrusted))
        #expect(try outcome(anchors: [maker.root]) { $0.anchors[.zero] = [] }.get().isTrusted)
        #expect(
            try outcome { ($0.metadata, $0.anchors) = (right, [model: [stranger.certificate]]) } == .failure(notTrusted)
        )
    }

    @Test(arguments: MetadataBreach.allCases)
    func `a compromised model is refused, whatever came after`(breach: MetadataBreach) throws {
        let roots = [MetadataFile.base64(maker.root.certificate)]
        for statuses in [[breach.rawValue], ["FIDO_CERTIFIED_L1", breach.rawValue, "UPDATE_AVAILABLE"]] {
            let metadata = try metadata(MetadataFile.entry(roots: roots, statuses: statuses))
            #expect(metadata[model]?.verdict == .compromised(breach))
            #expect(try outcome { $0.metadata = metadata } == .failure(.attestationRefused(.compromisedModel)))
            // Without attestation, too: the model is what the authenticator says of itself.
            let claiming = RegistrationTests.expectation { $0.metadata = metadata }
            let response = try ScriptedAuthenticator().registration(.init())
            #expect(throws: WebAuthnError.attestationRefused(.compromisedModel)) {
                try RegistrationCeremony.verify(response, against: claiming)
            }
        }
    }

    @Test func `other reports refuse nothing`() throws {
        let statuses = ["NOT_FIDO_CERTIFIED", "UPDATE_AVAILABLE", "SELF_ASSERTION_SUBMITTED", "revoked", "NEWS"]
        let roots = [MetadataFile.base64(maker.root.certificate)]
        let metadata = try metadata(MetadataFile.entry(roots: roots, statuses: statuses))
        #expect(metadata[model]?.verdict == .acceptable)
        #expect(try outcome { $0.metadata = metadata }.get().isTrusted)
    }

    @Test func `a model's name is the metadata's, or else the table's`() throws {
        let apple = try #require(AAGUID("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"))
        #expect(KnownModels.name(of: apple) == "iCloud Keychain")
        #expect(KnownModels.name(of: model) == nil && KnownModels.name(of: .zero) == nil)
        let metadata = try metadata(
            MetadataFile.entry(),
            MetadataFile.entry(apple.description, description: "Renamed"),
            MetadataFile.entry(AAGUID.zero.description, description: "Anybody")
        )
        #expect(KnownModels.name(of: model, metadata: metadata) == "Model Seven")
        #expect(KnownModels.name(of: apple, metadata: metadata) == "Renamed")
        #expect(KnownModels.name(of: .zero, metadata: metadata) == nil)
        let windows = try #require(AAGUID("08987058-cadc-4b81-b6e1-30de50dcbe96"))
        #expect(KnownModels.name(of: windows, metadata: metadata) == "Windows Hello")
    }

    @Test func `every line of the table is a number and a name, each number once`() {
        let lines = KnownModels.table.split(separator: "\n")
        #expect(lines.count >= 40 && KnownModels.names.count == lines.count)
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1)
            #expect(parts.count == 2 && AAGUID(String(parts[0]))?.description == String(parts[0]), "\(line)")
            #expect(parts.last.map { (1...64).contains($0.count) } == true, "\(line)")
        }
    }
}
