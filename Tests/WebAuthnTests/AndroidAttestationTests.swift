import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 8.4: statements of Android, right but for one thing.
struct AndroidAttestationTests {
    struct KeyDescription {
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
        needsHardware: Bool = false,
        _ bend: (inout KeyDescription) -> Void = { _ in }
    ) throws -> Result<AttestationVerdict, WebAuthnError> {
        let root = try Attestor(subject: "/CN=Root", signedBy: nil)
        var description = KeyDescription()
        bend(&description)
        let policy: (inout AttestationPolicy) -> Void = { $0.requiresAndroidHardware = needsHardware }
        do {
            return .success(
                try AttestationTests.verdict("android-key", anchors: [root], policy: policy) { signed, authenticator in
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

    @Test func `what only software says counts only where no hardware is demanded`() throws {
        #expect(try android(needsHardware: true).get().isTrusted)
        let (purposes, origin) = (KeyDescription.purposes([2]), KeyDescription.origin(0))
        for (software, hardware) in [([purposes, origin], []), ([origin], [purposes]), ([purposes], [origin])] {
            #expect(try android { ($0.software, $0.hardware) = (software, hardware) }.get().isTrusted)
            #expect(
                try android(needsHardware: true) { ($0.software, $0.hardware) = (software, hardware) }
                    == .failure(.attestation(.wrongAuthorization))
            )
        }
        // The hardware's word holds whatever software says of the origin, but not of whose key it is.
        #expect(try android(needsHardware: true) { $0.software = [KeyDescription.origin(2)] }.get().isTrusted)
        #expect(
            try android(needsHardware: true) { $0.software = [KeyDescription.allApplications] }
                == .failure(.attestation(.wrongAuthorization))
        )
    }
}
