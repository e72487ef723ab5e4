import Cryptography
import Foundation
import Testing

@testable import WebAuthn

/// The inputs that fuzzing begins with reach what they are for.
///
/// `GATEHOUSE_WRITE_SEEDS=1` makes the registrations among them anew.
struct FuzzSeedTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/WebAuthn/Seeds")
    /// What the first byte of an input must be for a registration.
    private static let registration: UInt8 = 5

    private static func seed(_ name: String) throws -> ArraySlice<UInt8> {
        Array(try Data(contentsOf: directory.appending(path: name)))[...]
    }

    @Test func `each registration holds in the fuzzed ceremony`() throws {
        let isWriting = ProcessInfo.processInfo.environment["GATEHOUSE_WRITE_SEEDS"] != nil
        for (name, bytes) in try FuzzSeeds().objects() {
            let made = [Self.registration] + bytes
            if isWriting { try Data(made).write(to: Self.directory.appending(path: name)) }
            let kept = try Self.seed(name)
            #expect(kept.first == Self.registration)
            for object in [bytes, Array(kept.dropFirst())] {
                #expect(throws: Never.self, "\(name)") { try verify(object) }
            }
        }
    }

    private func verify(_ object: [UInt8]) throws(WebAuthnError) {
        let response = RegistrationResponse(
            envelope: CredentialEnvelope(id: "AQ", rawID: [1], type: "public-key"),
            clientDataJSON: FuzzSeeds.clientDataJSON,
            attestationObject: object
        )
        let expectation = RegistrationExpectation(
            relyingParty: RelyingParty(id: "example.org", origins: ["https://example.org"]),
            challenge: FuzzSeeds.challenge,
            userHandle: [1],
            userVerification: .discouraged,
            algorithms: COSEAlgorithm.forCredentials,
            attestation: AttestationPolicy(time: 1_800_000_000)
        )
        _ = try RegistrationCeremony.verify(response, against: expectation)
    }

    @Test func `each structure of a statement is read by the parser it is for`() throws {
        let description = try AndroidKeyDescription(Self.body("android-description"))
        #expect(description.isAcceptable(needsHardware: true))
        for name in ["tpm-area-ec", "tpm-area-rsa"] {
            #expect(try TPMPublicArea(Self.body(name)).name != nil, "\(name)")
        }
        #expect(try TPMCertification(Self.body("tpm-info")).name.count == 34)
        let text = String(decoding: try Self.body("pem"), as: UTF8.self)
        #expect(try Certificate.pem(text).map(\.der) == [Self.body("der")])
    }

    private static func body(_ name: String) throws -> [UInt8] { Array(try seed(name).dropFirst()) }

    @Test func `the metadata are stopped by their signer's name alone`() throws {
        let trust = MetadataTrust(anchors: [], host: "mds.example.org", time: 1_800_000_000)
        #expect(throws: MetadataError.wrongHost) { try MetadataBlob(Self.body("metadata"), trusting: trust) }
    }
}
