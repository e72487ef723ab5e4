import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// Bytes bent at random, by a generator that gives the same ones each time: nothing traps, and nothing bent is taken.
struct MutationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 11 ^ state << 23
        }
    }

    private static func bent(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<3, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.insert(.random(in: 0...255, using: &generator), at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2: bytes.removeSubrange(place...)
            default: if place < bytes.count { bytes[place] = .random(in: 0...255, using: &generator) }
            }
        }
        return bytes
    }

    @Test func `a bent attestation object or client data traps nothing`() throws {
        let authenticator = try ScriptedAuthenticator()
        let right = authenticator.registration(.init())
        var generator = Generator(state: 1)
        var accepted = 0
        for round in 0..<20_000 {
            let isObject = round % 2 == 0
            let response = RegistrationResponse(
                envelope: right.envelope,
                clientDataJSON: isObject ? right.clientDataJSON : Self.bent(right.clientDataJSON, &generator),
                attestationObject: isObject
                    ? Self.bent(right.attestationObject, &generator) : right.attestationObject
            )
            if (try? RegistrationCeremony.verify(response, against: RegistrationTests.expectation())) != nil {
                accepted += 1
            }
        }
        // Without attestation nothing signs the model's number, the count and a second spelling of the JSON.
        #expect(accepted < 4000)
    }

    @Test func `a bent assertion is never taken`() throws {
        let authenticator = try ScriptedAuthenticator()
        let right = try authenticator.assertion(.assertion, userHandle: [1])
        let credential = StoredCredential(
            id: right.envelope.rawID,
            userHandle: [1],
            publicKey: try CredentialPublicKey(authenticator.publicKey),
            signatureCount: 1,
            isBackupEligible: false
        )
        let expectation = AuthenticationExpectation(
            relyingParty: RegistrationTests.expectation().relyingParty,
            challenge: [UInt8](0..<32),
            user: .unknown,
            userVerification: .preferred
        )
        var generator = Generator(state: 2)
        for round in 0..<6000 {
            var parts = [right.clientDataJSON, right.authenticatorData, right.signature]
            let bent = Self.bent(parts[round % 3], &generator)
            guard bent != parts[round % 3] else { continue }
            parts[round % 3] = bent
            let response = AuthenticationResponse(
                envelope: right.envelope,
                clientDataJSON: parts[0],
                authenticatorData: parts[1],
                signature: parts[2],
                userHandle: [1]
            )
            #expect(throws: WebAuthnError.self) {
                try AuthenticationCeremony.verify(response, against: expectation, credential: credential)
            }
        }
    }
}
