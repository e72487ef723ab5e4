import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 7.2: each response is rightly signed, and right but for one thing.
struct AuthenticationTests {
    typealias Script = ScriptedAuthenticator.Script

    private static let handle: [UInt8] = [1, 2, 3]

    private func expectation(
        user: AuthenticationExpectation.User = .unknown,
        verification: UserVerification = .required,
        allowed: [[UInt8]] = []
    ) -> AuthenticationExpectation {
        AuthenticationExpectation(
            relyingParty: RegistrationTests.expectation().relyingParty,
            challenge: [UInt8](0..<32),
            user: user,
            userVerification: verification,
            allowedCredentials: allowed
        )
    }

    private func stored(_ authenticator: ScriptedAuthenticator, count: UInt32 = 1, backup: Bool = false) throws
        -> StoredCredential
    {
        StoredCredential(
            id: Script().credentialID,
            userHandle: Self.handle,
            publicKey: try CredentialPublicKey(authenticator.publicKey),
            signatureCount: count,
            isBackupEligible: backup
        )
    }

    private func outcome(
        _ expectation: AuthenticationExpectation? = nil,
        handle: [UInt8]? = handle,
        count: UInt32 = 1,
        backup: Bool = false,
        _ bend: (inout Script) -> Void = { _ in }
    ) throws -> Result<VerifiedAssertion, WebAuthnError> {
        let authenticator = try ScriptedAuthenticator()
        var script = Script.assertion
        bend(&script)
        let response = try authenticator.assertion(script, userHandle: handle)
        let credential = try stored(authenticator, count: count, backup: backup)
        do {
            return .success(
                try AuthenticationCeremony.verify(
                    response,
                    against: expectation ?? self.expectation(),
                    credential: credential
                )
            )
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: COSEAlgorithm.forCredentials)
    func `a right assertion signs its user in`(algorithm: COSEAlgorithm) throws {
        let authenticator = try ScriptedAuthenticator(algorithm)
        let response = try authenticator.assertion(.assertion, userHandle: Self.handle)
        let made = try AuthenticationCeremony.verify(
            response,
            against: expectation(),
            credential: stored(authenticator)
        )
        #expect(made.userHandle == Self.handle && made.credentialID == Script().credentialID)
        #expect(made.isUserVerified && !made.isBackedUp && made.signatureCount == 2 && made.counter == .fine)
    }

    @Test func `client data is for an assertion with the stored challenge from a page of ours`() throws {
        #expect(try outcome { $0.type = "webauthn.create" } == .failure(.wrongType))
        #expect(try outcome { $0.challenge = Base64URL.encode([UInt8](1...32)) } == .failure(.wrongChallenge))
        #expect(try outcome { $0.challenge += "=" } == .failure(.wrongChallenge))
        #expect(try outcome { $0.origin = "https://login.example.org.evil" } == .failure(.wrongOrigin))
        #expect(try outcome { $0.more = ",\"crossOrigin\":true" } == .failure(.crossOrigin))
        #expect(try outcome { $0.more = ",\"topOrigin\":\"https://x\"" } == .failure(.wrongTopOrigin))
        let short = AuthenticationExpectation(
            relyingParty: expectation().relyingParty,
            challenge: [],
            user: .unknown,
            userVerification: .preferred
        )
        #expect(try outcome(short) { $0.challenge = "" } == .failure(.wrongChallenge))
    }

    @Test func `the flags are those that are demanded, and possible ones`() throws {
        #expect(try outcome { $0.flags = 0x04 } == .failure(.userNotPresent))
        #expect(try outcome { $0.flags = 0x01 } == .failure(.userNotVerified))
        let unverified = try outcome(expectation(verification: .preferred)) { $0.flags = 0x01 }
        #expect(try unverified.get().isUserVerified == false)
        #expect(try outcome { $0.flags = 0x15 } == .failure(.impossibleBackup))
        #expect(try outcome { $0.flags = 0x1D } == .failure(.backupEligibilityChanged))
        #expect(try outcome(backup: true) { $0.flags = 0x05 } == .failure(.backupEligibilityChanged))
        #expect(try outcome(backup: true) { $0.flags = 0x1D }.get().isBackedUp)
        #expect(try outcome { $0.relyingPartyID = "login.example.org" } == .failure(.wrongRelyingParty))
    }

    @Test func `the credential was offered and belongs to the user`() throws {
        let id = Script().credentialID
        #expect(try outcome(expectation(allowed: [[9], id])).get().credentialID == id)
        #expect(try outcome(expectation(allowed: [[9]])) == .failure(.credentialNotOffered))
        let known = expectation(user: .known(handle: Self.handle))
        #expect(try outcome(known, handle: nil).get().userHandle == Self.handle)
        #expect(try outcome(known).get().userHandle == Self.handle)
        #expect(try outcome(known, handle: [9]) == .failure(.wrongUser))
        #expect(try outcome(known, handle: []) == .failure(.wrongUser))
        // A valid passkey of somebody else in this user's sign-in.
        #expect(try outcome(expectation(user: .known(handle: [9]))) == .failure(.wrongUser))
        #expect(try outcome(handle: nil) == .failure(.wrongUser))
        #expect(try outcome(handle: []) == .failure(.wrongUser))
        #expect(try outcome(handle: [9]) == .failure(.wrongUser))
    }

    @Test func `an identifier that is not the stored one ends everything`() throws {
        let authenticator = try ScriptedAuthenticator()
        let right = try authenticator.assertion(.assertion, userHandle: Self.handle)
        let id = Script().credentialID
        for envelope in [
            authenticator.envelope([9]), CredentialEnvelope(id: "AAAA", rawID: id, type: "public-key"),
            CredentialEnvelope(id: Base64URL.encode(id), rawID: [9], type: "public-key"),
            authenticator.envelope(id, type: "password"),
        ] {
            let bent = AuthenticationResponse(
                envelope: envelope,
                clientDataJSON: right.clientDataJSON,
                authenticatorData: right.authenticatorData,
                signature: right.signature,
                userHandle: right.userHandle
            )
            #expect(throws: WebAuthnError.wrongEnvelope) {
                try AuthenticationCeremony.verify(bent, against: expectation(), credential: stored(authenticator))
            }
        }
    }

    @Test func `the signature is by the stored key over the bytes as they came`() throws {
        let (authenticator, stranger) = (try ScriptedAuthenticator(), try ScriptedAuthenticator())
        let right = try authenticator.assertion(.assertion, userHandle: Self.handle)
        let credential = try stored(authenticator)
        func isRefused(
            clientData: [UInt8]? = nil,
            data: [UInt8]? = nil,
            signature: [UInt8]? = nil,
            by credential: StoredCredential
        ) -> Bool {
            let bent = AuthenticationResponse(
                envelope: right.envelope,
                clientDataJSON: clientData ?? right.clientDataJSON,
                authenticatorData: data ?? right.authenticatorData,
                signature: signature ?? right.signature,
                userHandle: right.userHandle
            )
            return (try? AuthenticationCeremony.verify(bent, against: expectation(), credential: credential)) == nil
        }
        #expect(!isRefused(by: credential))
        #expect(isRefused(by: try stored(stranger)))
        for signature in [
            [], [0], right.signature + [0], [0x30, 6, 2, 1, 0, 2, 1, 0], [UInt8](repeating: 1, count: 9000),
        ] {
            #expect(isRefused(signature: signature, by: credential))
        }
        // The same meaning in other bytes.
        #expect(isRefused(clientData: right.clientDataJSON + [0x20], by: credential))
        #expect(isRefused(clientData: [0xEF, 0xBB, 0xBF] + right.clientDataJSON, by: credential))
        for place in right.authenticatorData.indices {
            var bent = right.authenticatorData
            bent[place] ^= 0x02
            #expect(isRefused(data: bent, by: credential))
        }
    }

    @Test func `a byte order mark is signed, and read over`() throws {
        let bare = try ScriptedAuthenticator().clientData(.assertion)
        #expect(try outcome { $0.clientDataJSON = [0xEF, 0xBB, 0xBF] + bare }.get().userHandle == Self.handle)
    }

    @Test(
        arguments: [
            (0, 0, true), (0, 1, true), (1, 2, true), (1, 1, false), (2, 1, false), (1, 0, false),
            (UInt32.max, 0, false),
            (UInt32.max - 1, UInt32.max, true), (UInt32.max, UInt32.max, false),
        ] as [(UInt32, UInt32, Bool)]
    )
    func `a counter that does not rise is told`(stored: UInt32, new: UInt32, isFine: Bool) throws {
        let made = try outcome(count: stored) { $0.count = new }.get()
        #expect(made.counter == (isFine ? .fine : .regressed) && made.signatureCount == new)
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", "{\"type\":\"webauthn.get\"}", "{\"type\":1,\"challenge\":\"\",\"origin\":\"\"}",
        "{\"type\":\"webauthn.get\",\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\"}",
        "{\"type\":\"webauthn.get\",\"ch\\u0061llenge\":\"x\",\"challenge\":\"\",\"origin\":\"\"}",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\",}",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\"} x",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\",\"crossOrigin\":\"false\"}",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\",\"x\":\"\\ud800\"}",
        "{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"\",\"x\":[[[[[[[[[[]]]]]]]]]]}",
        "{'type':'webauthn.get'}",
    ])
    func `client data that is no such JSON is refused`(text: String) throws {
        #expect(throws: ClientDataError.self) { try ClientData(Array(text.utf8)) }
    }

    @Test func `client data is UTF-8 and of a reasonable length`() {
        #expect(throws: ClientDataError.notUTF8) { try ClientData([0x7B, 0x22, 0xFF, 0x22, 0x7D]) }
        let long = "{\"type\":\"" + String(repeating: "x", count: 5000) + "\",\"challenge\":\"\",\"origin\":\"\"}"
        #expect(throws: ClientDataError.tooLarge) { try ClientData(Array(long.utf8)) }
    }
}
