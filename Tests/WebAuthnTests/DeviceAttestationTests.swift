import Cryptography
import Testing
import WebAuthn

/// WebAuthn Level 3 sections 8.3 and 8.4: statements of TPMs and of Android, right but for one thing.
struct DeviceAttestationTests {
    typealias Script = ScriptedAuthenticator.Script

    // MARK: Android

    private struct KeyDescription {
        var challenge: [UInt8]?
        var software: [[UInt8]] = []
        var hardware = [KeyDescription.purposes([2]), KeyDescription.origin(0)]
        var trailing: [UInt8] = []

        static let allApplications = der([0xBF, 0x84, 0x58], der([0x05], []))

        static func purposes(_ purposes: [UInt8]) -> [UInt8] {
            der([0xA1], der([0x31], purposes.flatMap { der([0x02], [$0]) }))
        }

        static func origin(_ origin: UInt8) -> [UInt8] { der([0xBF, 0x85, 0x3E], der([0x02], [origin])) }

        static func der(_ tag: [UInt8], _ contents: [UInt8]) -> [UInt8] { tag + [UInt8(contents.count)] + contents }

        func value(_ challenge: [UInt8]) -> [UInt8] {
            let head = Self.der([0x02], [3]) + Self.der([0x0A], [1]) + Self.der([0x02], [4]) + Self.der([0x0A], [1])
            let lists = Self.der([0x30], software.flatMap(\.self)) + Self.der([0x30], hardware.flatMap(\.self))
            return Self.der([0x30], head + Self.der([0x04], self.challenge ?? challenge) + Self.der([0x04], []) + lists)
                + trailing
        }
    }

    private func android(
        foreignKey: Bool = false,
        _ bend: (inout KeyDescription) -> Void = { _ in }
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        let root = try Attestor(subject: "/CN=Root", signedBy: nil)
        var description = KeyDescription()
        bend(&description)
        do {
            return .success(
                try AttestationTests.verdict("android-key", anchors: [root]) { signed, authenticator in
                    let leaf = try Attestor(
                        subject: "/CN=Android Keystore Key",
                        extensions: "1.3.6.1.4.1.11129.2.1.17=DER:" + Hex.encode(description.value(signed.hash)),
                        signedBy: root,
                        key: foreignKey ? nil : authenticator
                    )
                    return CBOR.map([
                        (CBOR.text("alg"), CBOR.integer(-7)),
                        (CBOR.text("sig"), CBOR.bytes(try leaf.sign(signed.data + signed.hash))),
                        (CBOR.text("x5c"), CBOR.array([CBOR.bytes(leaf.certificate.der)])),
                    ])
                }
            )
        } catch let error as WebAuthnError {
            return .failure(error)
        }
    }

    @Test func `an Android key is its application's alone, generated on the device, and made to sign`() throws {
        let made = try android().get()
        #expect(made.format == .androidKey && made.type == .basic && made.isTrusted)
        #expect(try android(foreignKey: true) == .failure(.attestation(.wrongKey)))
        #expect(
            try android { $0.challenge = [UInt8](repeating: 0, count: 32) } == .failure(.attestation(.wrongBinding))
        )
        let bends: [(inout KeyDescription) -> Void] = [
            { $0.hardware.append(KeyDescription.allApplications) }, { $0.software = [KeyDescription.allApplications] },
            { $0.hardware = [KeyDescription.purposes([2])] },
            { $0.hardware = [KeyDescription.purposes([2]), KeyDescription.origin(2)] },
            { $0.hardware = [KeyDescription.purposes([3]), KeyDescription.origin(0)] },
            { $0.hardware = [KeyDescription.origin(0)] }, { $0.software = [KeyDescription.origin(1)] },
            { $0.hardware = [] },
        ]
        for bend in bends {
            #expect(try android(foreignKey: false, bend) == .failure(.attestation(.wrongAuthorization)))
        }
        let malformed = WebAuthnError.attestation(.malformedStructure)
        #expect(try android { $0.trailing = [0] } == .failure(malformed))
        #expect(
            try android { $0.hardware = [KeyDescription.origin(0), KeyDescription.origin(0)] } == .failure(malformed)
        )
    }

    // MARK: TPM

    private struct Statement {
        var version = "2.0"
        var magic: [UInt8] = [0xFF, 0x54, 0x43, 0x47]
        var type: [UInt8] = [0x80, 0x17]
        var extraData: [UInt8]?
        var name: [UInt8]?
        var key: ScriptedAuthenticator?
        /// Before the public area, where TPM2B structures have their length.
        var prefix: [UInt8] = []
        var trailing: [UInt8] = []
        var subject = "/"
        var extensions = Statement.certificate()

        static func certificate(
            names: String = "critical,dirName:tpm",
            maker: String = "id:414D4400",
            usage: String = "extendedKeyUsage=2.23.133.8.3",
            constraints: String = "basicConstraints=critical,CA:FALSE"
        ) -> String {
            // A name begins behind its first dot.
            """
            \(constraints)
            \(usage)
            subjectAltName=\(names)
            [tpm]
            0.2.23.133.2.1=\(maker)
            1.2.23.133.2.2=Model
            2.2.23.133.2.3=id:13
            """
        }

        static func sized(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes }

        func publicArea(_ key: VerificationKey) -> [UInt8] {
            let (x, y) = key.coordinates ?? ([], [])
            // ECC, SHA-256, attributes, no policy, no symmetric algorithm, no scheme, P-256, no key derivation.
            return prefix + [0x00, 0x23, 0x00, 0x0B, 0x00, 0x06, 0x04, 0x72, 0x00, 0x00, 0x00, 0x10, 0x00, 0x10]
                + [0x00, 0x03, 0x00, 0x10] + Self.sized(x) + Self.sized(y)
        }

        func certInfo(_ area: [UInt8], _ digest: [UInt8]) -> [UInt8] {
            magic + type + Self.sized([]) + Self.sized(extraData ?? digest) + [UInt8](repeating: 0, count: 25)
                + Self.sized(name ?? [0x00, 0x0B] + SHA256.digest(of: area)) + Self.sized([]) + trailing
        }
    }

    private func tpm(_ bend: (inout Statement) -> Void = { _ in }) throws -> Result<AttestationVerdict, WebAuthnError> {
        let root = try Attestor(subject: "/CN=Root", signedBy: nil)
        var statement = Statement()
        bend(&statement)
        let leaf = try Attestor(subject: statement.subject, extensions: statement.extensions, signedBy: root)
        do {
            return .success(
                try AttestationTests.verdict("tpm", anchors: [root]) { signed, authenticator in
                    let area = statement.publicArea((statement.key ?? authenticator).key)
                    let info = statement.certInfo(area, SHA256.digest(of: signed.data + signed.hash))
                    return CBOR.map([
                        (CBOR.text("alg"), CBOR.integer(-7)), (CBOR.text("sig"), CBOR.bytes(try leaf.sign(info))),
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
        let made = try tpm().get()
        #expect(made.format == .tpm && made.type == .attestationCA && made.isTrusted)
        let other = try ScriptedAuthenticator()
        let bends: [((inout Statement) -> Void, AttestationError)] = [
            ({ $0.version = "1.2" }, .malformedStatement), ({ $0.magic[0] = 0 }, .malformedStructure),
            ({ $0.type[1] = 0x18 }, .malformedStructure), ({ $0.trailing = [0] }, .malformedStructure),
            ({ $0.extraData = [UInt8](repeating: 0, count: 32) }, .wrongBinding),
            ({ $0.extraData = [UInt8](repeating: 0, count: 20) }, .wrongBinding),
            ({ $0.name = [0x00, 0x0B] + [UInt8](repeating: 0, count: 32) }, .wrongKey), ({ $0.key = other }, .wrongKey),
            ({ $0.prefix = [0, 86] }, .malformedStructure),
        ]
        for (bend, error) in bends { #expect(try tpm(bend) == .failure(.attestation(error))) }
    }

    @Test func `a TPM's certificate is an attestation identity key's`() throws {
        let bends: [(inout Statement) -> Void] = [
            { $0.subject = "/CN=TPM" }, { $0.extensions = Statement.certificate(names: "dirName:tpm") },
            { $0.extensions = Statement.certificate(maker: "AMD") },
            { $0.extensions = Statement.certificate(usage: "extendedKeyUsage=clientAuth") },
            { $0.extensions = Statement.certificate(constraints: "basicConstraints=critical,CA:TRUE") },
            { $0.extensions = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=2.23.133.8.3" },
        ]
        for bend in bends { #expect(try tpm(bend) == .failure(.attestation(.wrongCertificate))) }
    }
}
