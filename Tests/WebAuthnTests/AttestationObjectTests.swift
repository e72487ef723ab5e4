import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 7.1 step 13: the object around statement and authenticator data.
struct AttestationObjectTests {
    typealias Script = ScriptedAuthenticator.Script

    private let authenticator: ScriptedAuthenticator

    init() throws {
        authenticator = try ScriptedAuthenticator()
    }

    private func refusal(_ object: [UInt8]) -> WebAuthnError? {
        let response = RegistrationResponse(
            envelope: authenticator.envelope(Script().credentialID),
            clientDataJSON: authenticator.clientData(Script()),
            attestationObject: object
        )
        do throws(WebAuthnError) {
            _ = try RegistrationCeremony.verify(response, against: RegistrationTests.expectation())
            return nil
        } catch {
            return error
        }
    }

    private var format: ([UInt8], [UInt8]) { (CBOR.text("fmt"), CBOR.text("none")) }
    private var statement: ([UInt8], [UInt8]) { (CBOR.text("attStmt"), CBOR.map([])) }
    private var data: ([UInt8], [UInt8]) {
        (CBOR.text("authData"), CBOR.bytes(authenticator.authenticatorData(Script())))
    }

    @Test func `it has its three members, of their types, and no other`() {
        #expect(refusal(CBOR.map([format, statement, data])) == nil)
        let more = (CBOR.text("zzzzzzzzz"), CBOR.integer(1))
        for object in [
            CBOR.map([statement, data]), CBOR.map([format, data]), CBOR.map([format, statement]), CBOR.map([]),
            CBOR.map([format, statement, data, more]), CBOR.map([format, statement, more]),
            CBOR.map([(CBOR.text("FMT"), CBOR.text("none")), statement, data]),
            CBOR.map([(format.0, CBOR.bytes(Array("none".utf8))), statement, data]),
            CBOR.map([format, (statement.0, CBOR.array([])), data]), CBOR.map([format, (statement.0, [0xF6]), data]),
            CBOR.map([format, statement, (data.0, CBOR.text("x"))]), CBOR.array([CBOR.text("none"), CBOR.map([])]),
            CBOR.bytes([1]),
        ] {
            #expect(refusal(object) == .attestationObjectMembers)
        }
        #expect(refusal(CBOR.map([format, statement, (data.0, CBOR.bytes([]))])) == .authenticatorData(.truncated))
    }

    @Test func `it is one canonical map with nothing after it`() {
        let right = CBOR.map([format, statement, data])
        let members = [format, statement, data].flatMap { $0.0 + $0.1 }
        let cases: [([UInt8], CBORError)] = [
            (right + [0], .trailingBytes), ([], .truncated), (right.dropLast(), .truncated),
            ([0xBF] + members + [0xFF], .notAllowed), ([0xB8, 3] + members, .notShortest),
            (CBOR.map([statement, format, data]), .keysNotSorted),
            (CBOR.map([format, format, statement, data]), .keysNotSorted),
            (CBOR.map([format, (statement.0, Array(repeating: 0x81, count: 60_000)), data]), .tooDeep),
            ([0xBB, 0x80, 0, 0, 0, 0, 0, 0, 0], .truncated),
        ]
        for (object, error) in cases { #expect(refusal(Array(object)) == .attestationObject(error)) }
        #expect(refusal([UInt8](repeating: 0, count: 65_537)) == .tooLarge)
    }

    @Test func `an identifier in the signed data has 1 to 1023 bytes`() {
        func attested(_ count: Int) -> [UInt8] {
            let id = [UInt8](repeating: 1, count: count)
            return [UInt8](repeating: 7, count: 16) + [UInt8(count >> 8), UInt8(count & 255)] + id
                + authenticator.publicKey
        }
        for count in [0, 1024, 65_535] {
            var script = Script()
            script.attested = attested(count)
            let object = CBOR.map([
                format, statement,
                (
                    data.0,
                    count < 60_000
                        ? CBOR.bytes(authenticator.authenticatorData(script))
                        : CBOR.bytes(Array(authenticator.authenticatorData(script).prefix(60_000)))
                ),
            ])
            #expect(refusal(object) == .authenticatorData(.credentialIDLength))
        }
    }

    @Test func `extensions nobody asked for are read over, and only so deep`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            CBOR.map([(CBOR.text("x"), [UInt8](repeating: 0x81, count: depth) + [0x00])])
        }
        func registration(_ extensions: [UInt8]) -> WebAuthnError? {
            var script = Script()
            (script.flags, script.trailing) = (0xC5, extensions)
            return refusal(authenticator.registration(script).attestationObject)
        }
        let tooDeep = WebAuthnError.authenticatorData(.extensions(.tooDeep))
        #expect(registration(nested(3)) == nil)
        #expect(registration(nested(4)) == tooDeep && registration(nested(10_000)) == tooDeep)
        #expect(registration(CBOR.array([])) == .authenticatorData(.extensionsNotAMap))
        #expect(registration(CBOR.map([]) + [0]) == .authenticatorData(.trailingBytes))

        var script = Script.assertion
        (script.flags, script.trailing) = (0x85, nested(10_000))
        let assertion = try authenticator.assertion(script, userHandle: [1])
        let expectation = AuthenticationExpectation(
            relyingParty: RegistrationTests.expectation().relyingParty,
            challenge: [UInt8](0..<32),
            user: .unknown,
            userVerification: .required
        )
        let credential = StoredCredential(
            id: script.credentialID,
            userHandle: [1],
            publicKey: try CredentialPublicKey(authenticator.publicKey),
            signatureCount: 0,
            isBackupEligible: false
        )
        #expect(throws: tooDeep) {
            try AuthenticationCeremony.verify(assertion, against: expectation, credential: credential)
        }
    }
}
