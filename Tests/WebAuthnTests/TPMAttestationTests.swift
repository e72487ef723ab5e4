import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 8.3: statements of TPMs, right but for one thing.
struct TPMAttestationTests {
    private func outcome(
        credential: COSEAlgorithm = .es256,
        signer: COSEAlgorithm = .es256,
        _ bend: (inout TPMStatement) -> Void = { _ in }
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        let (root, identity) = (try Attestor(subject: "/CN=Root", signedBy: nil), try ScriptedAuthenticator(signer))
        var statement = TPMStatement()
        bend(&statement)
        let leaf = try Attestor(
            subject: statement.subject,
            extensions: statement.extensions,
            signedBy: root,
            key: identity
        )
        let authenticator = try ScriptedAuthenticator(credential)
        do {
            return .success(
                try AttestationTests.verdict("tpm", anchors: [root], authenticator: authenticator) { signed, _ in
                    let area = statement.publicArea(authenticator.key)
                    let info = statement.certInfo(area, TPMStatement.digest(signer, of: signed.data + signed.hash))
                    let algorithm = statement.algorithm ?? Int(signer.rawValue)
                    return CBOR.map([
                        (CBOR.text("alg"), CBOR.integer(algorithm)),
                        (CBOR.text("sig"), CBOR.bytes(try identity.sign(info))),
                        (CBOR.text("ver"), CBOR.text(statement.version)),
                        (CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)])),
                        (CBOR.text("pubArea"), CBOR.bytes(area)), (CBOR.text("certInfo"), CBOR.bytes(info)),
                    ])
                }
            )
        } catch let error as WebAuthnError {
            return .failure(error)
        }
    }

    @Test func `a TPM certifies this key for this ceremony`() throws {
        let made = try outcome().get()
        #expect(made.format == .tpm && made.type == .attestationCA && made.isTrusted)
        let other = try ScriptedAuthenticator().key
        let bends: [((inout TPMStatement) -> Void, AttestationError)] = [
            ({ $0.version = "1.2" }, .malformedStatement), ({ $0.magic[0] = 0 }, .malformedStructure),
            ({ $0.type[1] = 0x18 }, .malformedStructure), ({ $0.trailing = [0] }, .malformedStructure),
            ({ $0.extraData = [UInt8](repeating: 0, count: 32) }, .wrongBinding),
            ({ $0.extraData = [UInt8](repeating: 0, count: 20) }, .wrongBinding),
            ({ $0.name = [0x00, 0x0B] + [UInt8](repeating: 0, count: 32) }, .wrongKey), ({ $0.key = other }, .wrongKey),
            ({ $0.prefix = [0, 86] }, .malformedStructure),
        ]
        for (bend, error) in bends { #expect(try outcome(bend) == .failure(.attestation(error))) }
    }

    @Test func `a TPM's certificate is an attestation identity key's`() throws {
        let bends: [(inout TPMStatement) -> Void] = [
            { $0.subject = "/CN=TPM" }, { $0.extensions = TPMStatement.certificate(names: "dirName:tpm") },
            { $0.extensions = TPMStatement.certificate(maker: "AMD") },
            { $0.extensions = TPMStatement.certificate(usage: "extendedKeyUsage=clientAuth") },
            { $0.extensions = TPMStatement.certificate(constraints: "basicConstraints=critical,CA:TRUE") },
            { $0.extensions = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=2.23.133.8.3" },
        ]
        for bend in bends { #expect(try outcome(bend) == .failure(.attestation(.wrongCertificate))) }
        let another = AttestationTests.modelExtension([UInt8](repeating: 8, count: 16))
        #expect(
            try outcome { $0.extensions = TPMStatement.certificate(more: another) }
                == .failure(.attestation(.wrongModel))
        )
    }

    @Test(
        arguments: [
            (.rs256, .rs256), (.rs256, .rs1), (.ps256, .ps256), (.rs512, .rs384), (.ps384, .ps512), (.es384, .es384),
            (.es512, .es512), (.es384, .rs512), (.rs384, .es256),
        ] as [(COSEAlgorithm, COSEAlgorithm)]
    )
    func `keys of every kind are certified by algorithms with a hash`(
        credential: COSEAlgorithm,
        signer: COSEAlgorithm
    ) throws {
        let made = try outcome(credential: credential, signer: signer).get()
        #expect(made.type == .attestationCA && made.isTrusted)
        // Another key of the same kind.
        let other = try ScriptedAuthenticator(credential).key
        #expect(
            try outcome(credential: credential, signer: signer) { $0.key = other } == .failure(.attestation(.wrongKey))
        )
        // Bound by another hash than the algorithm's.
        let length = TPMStatement.digest(signer, of: []).count == 32 ? 20 : 32
        #expect(
            try outcome(credential: credential, signer: signer) {
                $0.extraData = [UInt8](repeating: 0, count: length)
            } == .failure(.attestation(.wrongBinding))
        )
    }

    @Test(arguments: [0x0004, 0x000B, 0x000C, 0x000D] as [UInt16])
    func `a key's name is by any hash we know`(algorithm: UInt16) throws {
        #expect(try outcome { $0.nameAlgorithm = algorithm }.get().isTrusted)
        #expect(try outcome(credential: .rs256) { $0.nameAlgorithm = algorithm }.get().isTrusted)
    }

    @Test func `an area may tell a symmetric algorithm and a scheme, and an RSA exponent`() throws {
        let bend: (inout TPMStatement) -> Void = {
            // AES-128 in CFB mode.
            $0.symmetric = [0x00, 0x06, 0x00, 0x80, 0x00, 0x43]
            // RSASSA with SHA-256.
            $0.scheme = [0x00, 0x14, 0x00, 0x0B]
            $0.exponent = [0, 1, 0, 1]
        }
        #expect(try outcome(bend).get().isTrusted)
        #expect(try outcome(credential: .rs256, bend).get().isTrusted)
    }

    @Test func `an area of another key, kind or curve is refused`() throws {
        let rsa = try ScriptedAuthenticator(.rs256).key
        let wide = try ScriptedAuthenticator(.es384).key
        let cases: [(COSEAlgorithm, (inout TPMStatement) -> Void, AttestationError)] = [
            (.rs256, { $0.exponent = [0, 0, 0, 3] }, .wrongKey), (.es256, { $0.key = rsa }, .wrongKey),
            (.es256, { $0.key = wide }, .wrongKey), (.es256, { $0.curve = 4 }, .wrongKey),
            (.es256, { $0.curve = 0x10 }, .malformedStructure), (.es256, { $0.nameAlgorithm = 0x12 }, .wrongKey),
            (.es256, { $0.symmetric = [] }, .malformedStructure), (.rs256, { $0.prefix = [0] }, .malformedStructure),
        ]
        for (credential, bend, error) in cases {
            #expect(try outcome(credential: credential, bend) == .failure(.attestation(error)))
        }
    }

    @Test func `an algorithm without a hash of its own, or of another signature, is refused`() throws {
        #expect(try outcome { $0.algorithm = -8 } == .failure(.attestation(.wrongAlgorithm)))
        #expect(try outcome { $0.algorithm = -53 } == .failure(.attestation(.wrongAlgorithm)))
        #expect(try outcome { $0.algorithm = -999 } == .failure(.attestation(.wrongAlgorithm)))
        // The hash is the same, and the key or the padding another.
        #expect(try outcome { $0.algorithm = -257 } == .failure(.attestation(.wrongSignature)))
        #expect(try outcome(signer: .ps256) { $0.algorithm = -257 } == .failure(.attestation(.wrongSignature)))
        #expect(try outcome(signer: .rs256) { $0.algorithm = -37 } == .failure(.attestation(.wrongSignature)))
    }
}
