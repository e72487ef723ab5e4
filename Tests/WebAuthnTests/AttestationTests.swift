import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 8: statements with certificates, right but for one thing.
struct AttestationTests {
    typealias Script = ScriptedAuthenticator.Script

    static let model = [UInt8](repeating: 7, count: 16)
    static let packedSubject = "/C=SE/O=Maker/OU=Authenticator Attestation/CN=Model"
    static let noAuthority = "basicConstraints=critical,CA:FALSE"

    static func modelExtension(_ model: [UInt8], isCritical: Bool = false, isWrapped: Bool = true) -> String {
        let value = isWrapped ? [0x04, 0x10] + model : model
        return "1.3.6.1.4.1.45724.1.1.4=\(isCritical ? "critical," : "")DER:" + Hex.encode(value)
    }

    /// A certificate's maker and the authority behind it.
    struct Maker {
        let root: Attestor
        let leaf: Attestor

        init(_ subject: String = packedSubject, _ extensions: String = noAuthority + "\n" + modelExtension(model))
            throws
        {
            root = try Attestor(subject: "/CN=Root", signedBy: nil)
            leaf = try Attestor(subject: subject, extensions: extensions, signedBy: root)
        }
    }

    /// What a registration with this format and statement comes to.
    static func verdict(
        _ format: String,
        anchors: [Attestor],
        authenticator: ScriptedAuthenticator? = nil,
        policy: (inout AttestationPolicy) -> Void = { _ in },
        statement: (_ signed: (data: [UInt8], hash: [UInt8]), ScriptedAuthenticator) throws -> [UInt8]
    ) throws -> AttestationVerdict {
        let authenticator = try authenticator ?? ScriptedAuthenticator()
        var script = Script()
        let signed = (
            authenticator.authenticatorData(script), SHA256.digest(of: authenticator.clientData(script))
        )
        script.format = format
        script.statement = try statement(signed, authenticator)
        let expectation = RegistrationTests.expectation {
            $0.requiresTrust = true
            $0.commonAnchors = anchors.map(\.certificate)
            $0.time = Attestor.now
            policy(&$0)
        }
        return try RegistrationCeremony.verify(authenticator.registration(script), against: expectation).attestation
    }

    private func packed(
        _ maker: Maker,
        anchors: [Attestor]? = nil,
        chain: [Attestor]? = nil,
        algorithm: Int = -7,
        bend: UInt8 = 0
    ) throws -> AttestationVerdict {
        try Self.verdict("packed", anchors: anchors ?? [maker.root]) { signed, _ in
            var message = signed.data + signed.hash
            message[40] ^= bend
            return CBOR.map([
                (CBOR.text("alg"), CBOR.integer(algorithm)),
                (CBOR.text("sig"), CBOR.bytes(try maker.leaf.sign(message))),
                (CBOR.text("x5c"), CBOR.array((chain ?? [maker.leaf]).map { CBOR.bytes($0.certificate.der) })),
            ])
        }
    }

    @Test func `packed attestation by a maker's certificate is trusted by its authority`() throws {
        let maker = try Maker()
        let made = try packed(maker)
        #expect(made.type == .basic && made.isTrusted && made.trustPath == [maker.leaf.certificate])
        #expect(try packed(maker, anchors: [maker.leaf]).isTrusted)
        #expect(try packed(maker, chain: [maker.leaf, maker.root]).isTrusted)
        let stranger = try Maker()
        #expect(throws: WebAuthnError.attestationRefused(.notTrusted)) { try packed(maker, anchors: [stranger.root]) }
        // The attacker's own root beside his leaf is no anchor.
        #expect(throws: WebAuthnError.attestationRefused(.notTrusted)) {
            try packed(stranger, anchors: [maker.root], chain: [stranger.leaf, stranger.root])
        }
        #expect(throws: WebAuthnError.attestation(.wrongSignature)) { try packed(maker, bend: 1) }
        #expect(throws: WebAuthnError.attestation(.wrongSignature)) { try packed(maker, algorithm: -35) }
        #expect(throws: WebAuthnError.attestation(.wrongAlgorithm)) { try packed(maker, algorithm: -999) }
        #expect(throws: WebAuthnError.attestation(.wrongSignature)) { try packed(maker, chain: [stranger.leaf]) }
        #expect(throws: WebAuthnError.attestation(.malformedCertificates)) { try packed(maker, chain: []) }
        #expect(throws: WebAuthnError.attestation(.malformedCertificates)) {
            try packed(maker, chain: [Attestor](repeating: maker.leaf, count: 11))
        }
    }

    @Test(arguments: [
        ("/C=SE/O=Maker/OU=Authenticator attestation/CN=M", noAuthority),
        ("/C=SE/O=Maker/CN=M", noAuthority), ("/O=Maker/OU=Authenticator Attestation/CN=M", noAuthority),
        ("/C=SE/OU=Authenticator Attestation/CN=M", noAuthority),
        ("/C=SE/O=Maker/OU=Authenticator Attestation", noAuthority),
        (packedSubject, "basicConstraints=critical,CA:TRUE"), (packedSubject, "keyUsage=digitalSignature"),
    ])
    func `a packed certificate is made as the standard says`(subject: String, extensions: String) throws {
        #expect(throws: WebAuthnError.attestation(.wrongCertificate)) { try packed(Maker(subject, extensions)) }
    }

    @Test func `a certificate for another model, or that names it wrongly, is refused`() throws {
        func refusal(_ line: String) throws -> WebAuthnError? {
            do {
                _ = try packed(Maker(Self.packedSubject, Self.noAuthority + "\n" + line))
                return nil
            } catch let error as WebAuthnError {
                return error
            }
        }
        #expect(try refusal(Self.modelExtension([UInt8](repeating: 8, count: 16))) == .attestation(.wrongModel))
        #expect(try refusal(Self.modelExtension(Self.model, isCritical: true)) == .attestation(.wrongCertificate))
        #expect(try refusal(Self.modelExtension(Self.model, isWrapped: false)) != nil)
        #expect(try refusal("keyUsage=digitalSignature") == nil)
    }

    @Test func `U2F attestation signs key, identifier and ceremony`() throws {
        let maker = try Maker("/CN=U2F", Self.noAuthority)
        func verdict(chain: Int = 1, bend: Int? = nil, authenticator: ScriptedAuthenticator? = nil) throws
            -> AttestationVerdict
        {
            try Self.verdict("fido-u2f", anchors: [maker.root], authenticator: authenticator) { signed, authenticator in
                let (x, y) = authenticator.key.coordinates ?? ([], [])
                let id = Script().credentialID
                var message = [0] + Array(signed.data.prefix(32)) + signed.hash + id + [4] + x + y
                if let bend { message[bend] ^= 1 }
                return CBOR.map([
                    (CBOR.text("sig"), CBOR.bytes(try maker.leaf.sign(message))),
                    (
                        CBOR.text("x5c"),
                        CBOR.array([[UInt8]](repeating: CBOR.bytes(maker.leaf.certificate.der), count: chain))
                    ),
                ])
            }
        }
        let made = try verdict()
        #expect(made.format == .fidoU2F && made.type == .basic && made.isTrusted)
        for place in [0, 1, 40, 70, 100, 140] {
            #expect(throws: WebAuthnError.attestation(.wrongSignature)) { try verdict(bend: place) }
        }
        #expect(throws: WebAuthnError.attestation(.malformedCertificates)) { try verdict(chain: 2) }
        let other = try ScriptedAuthenticator(.es384)
        #expect(throws: WebAuthnError.attestation(.wrongKey)) { try verdict(authenticator: other) }
    }

    @Test(arguments: [COSEAlgorithm.es384, .es512, .rs256, .edDSA])
    func `a U2F certificate has a key on P-256`(algorithm: COSEAlgorithm) throws {
        let root = try Attestor(subject: "/CN=Root", signedBy: nil)
        let signer = try ScriptedAuthenticator(algorithm)
        let leaf = try Attestor(subject: "/CN=U2F", extensions: Self.noAuthority, signedBy: root, key: signer)
        #expect(throws: WebAuthnError.attestation(.wrongCertificate)) {
            try Self.verdict("fido-u2f", anchors: [root]) { signed, authenticator in
                let (x, y) = authenticator.key.coordinates ?? ([], [])
                let id = Script().credentialID
                let message = [0] + Array(signed.data.prefix(32)) + signed.hash + id + [4] + x + y
                return CBOR.map([
                    (CBOR.text("sig"), CBOR.bytes(try signer.sign(message))),
                    (CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)])),
                ])
            }
        }
    }

    @Test func `RS1 signs no packed statement`() throws {
        let maker = try Maker()
        #expect(throws: WebAuthnError.attestation(.wrongAlgorithm)) { try packed(maker, algorithm: -65_535) }
    }

    @Test func `Apple's certificate is for this key and this ceremony`() throws {
        let root = try Attestor(subject: "/CN=Root", signedBy: nil)
        func verdict(bend: UInt8 = 0, suffix: Bool = false, foreignKey: Bool = false) throws -> AttestationVerdict {
            try Self.verdict("apple", anchors: [root]) { signed, authenticator in
                var nonce = SHA256.digest(of: signed.data + signed.hash)
                nonce[0] ^= bend
                // With a suffix the tail of the value is right, and the structure is not.
                let value: [UInt8] = suffix ? [0x04, 0x20] + nonce : [0x30, 0x24, 0xA1, 0x22, 0x04, 0x20] + nonce
                let leaf = try Attestor(
                    subject: "/CN=Apple",
                    extensions: Self.noAuthority + "\n1.2.840.113635.100.8.2=DER:" + Hex.encode(value),
                    signedBy: root,
                    key: foreignKey ? nil : authenticator
                )
                return CBOR.map([(CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)]))])
            }
        }
        let made = try verdict()
        #expect(made.type == .anonymizationCA && made.isTrusted)
        #expect(throws: WebAuthnError.attestation(.wrongBinding)) { try verdict(bend: 1) }
        #expect(throws: WebAuthnError.attestation(.malformedStructure)) { try verdict(suffix: true) }
        #expect(throws: WebAuthnError.attestation(.wrongKey)) { try verdict(foreignKey: true) }
    }
}
