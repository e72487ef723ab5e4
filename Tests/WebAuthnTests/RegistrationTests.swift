import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

/// WebAuthn Level 3 section 7.1: each response is right and rightly made but for one thing.
struct RegistrationTests {
    typealias Script = ScriptedAuthenticator.Script

    static func expectation(
        verification: UserVerification = .required,
        algorithms: [COSEAlgorithm] = COSEAlgorithm.forCredentials,
        embedding: RelyingParty.Embedding = .forbidden,
        isConditional: Bool = false,
        allowsBackup: Bool = true,
        change: (inout AttestationPolicy) -> Void = { _ in }
    ) -> RegistrationExpectation {
        var policy = AttestationPolicy(time: 1_800_000_000)
        change(&policy)
        return RegistrationExpectation(
            relyingParty: RelyingParty(
                id: "example.org",
                origins: ["https://login.example.org", "https://login.example.org:8443"],
                embedding: embedding
            ),
            challenge: [UInt8](0..<32),
            userHandle: [1, 2, 3],
            userVerification: verification,
            algorithms: algorithms,
            isConditional: isConditional,
            allowsBackup: allowsBackup,
            attestation: policy
        )
    }

    private func refusal(
        _ expectation: RegistrationExpectation = expectation(),
        _ bend: (inout Script) -> Void
    ) throws -> WebAuthnError? {
        let authenticator = try ScriptedAuthenticator()
        var script = Script()
        bend(&script)
        do throws(WebAuthnError) {
            _ = try RegistrationCeremony.verify(authenticator.registration(script), against: expectation)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: COSEAlgorithm.forCredentials)
    func `a right response gives the credential of the stored account`(algorithm: COSEAlgorithm) throws {
        let authenticator = try ScriptedAuthenticator(algorithm)
        let made = try RegistrationCeremony.verify(authenticator.registration(Script()), against: Self.expectation())
        #expect(made.userHandle == [1, 2, 3] && made.relyingPartyID == "example.org")
        #expect(made.id == Script().credentialID && made.publicKey.algorithm == algorithm)
        #expect(made.publicKey.verificationKey == authenticator.key && made.publicKey.bytes == authenticator.publicKey)
        #expect(made.signatureCount == 1 && made.isUserVerified && !made.isBackupEligible && !made.isBackedUp)
        #expect(made.transports == [.usb, .internal])
        #expect(made.attestation.type == .none && !made.attestation.isTrusted)
    }

    @Test func `what browsers may add is tolerated`() throws {
        let more =
            ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"x\",\"extraData\":{\"a\":[1,{\"b\":null}]}"
        #expect(try refusal { $0.more = more } == nil)
        #expect(try refusal { $0.more = "" } == nil)
        #expect(try refusal { $0.origin = "https://login.example.org:8443" } == nil)
        // Reserved bits, and extension outputs with their flag.
        #expect(try refusal { $0.flags = 0x45 | 0x22 } == nil)
        #expect(
            try refusal {
                $0.flags = 0xC5
                $0.trailing = CBOR.map([(CBOR.text("credProtect"), CBOR.integer(2))])
            } == nil
        )
    }

    @Test func `the type is create and nothing else`() throws {
        for type in ["webauthn.get", "WEBAUTHN.CREATE", "", "webauthn.create ", "payment.get"] {
            #expect(try refusal { $0.type = type } == .wrongType)
        }
    }

    @Test func `the challenge is the stored one in its one spelling`() throws {
        let right = Script().challenge
        for challenge in [
            right + "=", "", String(right.dropLast()), right + "A", Base64URL.encode([UInt8](1...32)),
            // The last letter's spare bits set.
            String(right.dropLast()) + "9", right.lowercased(),
        ] {
            #expect(try refusal { $0.challenge = challenge } == .wrongChallenge, "\(challenge)")
        }
    }

    @Test(arguments: [
        "http://login.example.org", "https://login.example.org:443", "https://login.example.org:8444",
        "https://example.org", "https://a.login.example.org", "https://login.example.org/",
        "https://LOGIN.example.org", "https://login.example.org.evil", "https://l\u{43E}gin.example.org", "null", "",
        "android:apk-key-hash:abc",
    ])
    func `the origin is one of ours, byte by byte`(origin: String) throws {
        #expect(try refusal { $0.origin = origin } == .wrongOrigin)
    }

    @Test func `pages in frames of others are refused unless allowed`() throws {
        let framed = ",\"crossOrigin\":true"
        let top = framed + ",\"topOrigin\":\"https://shop.example\""
        #expect(try refusal { $0.more = framed } == .crossOrigin)
        #expect(try refusal { $0.more = ",\"topOrigin\":\"https://shop.example\"" } == .wrongTopOrigin)
        let open = Self.expectation(embedding: .allowed(inside: ["https://shop.example"]))
        #expect(try refusal(open) { $0.more = framed } == nil)
        #expect(try refusal(open) { $0.more = top } == nil)
        #expect(try refusal(open) { $0.more = framed + ",\"topOrigin\":\"https://evil.example\"" } == .wrongTopOrigin)
        #expect(try refusal(open) { $0.more = ",\"topOrigin\":\"https://shop.example\"" } == .wrongTopOrigin)
    }

    @Test func `flags say what the policy demands`() throws {
        #expect(try refusal { $0.flags = 0x44 } == .userNotPresent)
        #expect(try refusal { $0.flags = 0x41 } == .userNotVerified)
        #expect(try refusal(Self.expectation(verification: .preferred)) { $0.flags = 0x41 } == nil)
        #expect(try refusal(Self.expectation(isConditional: true)) { $0.flags = 0x44 } == nil)
        #expect(try refusal { $0.flags = 0x55 } == .impossibleBackup)
        #expect(try refusal { $0.flags = 0x5D } == nil)
        #expect(try refusal(Self.expectation(allowsBackup: false)) { $0.flags = 0x4D } == .backupRefused)
    }

    @Test func `the relying party is ours`() throws {
        for id in ["login.example.org", "org", "", "https://example.org", "EXAMPLE.ORG"] {
            #expect(try refusal { $0.relyingPartyID = id } == .wrongRelyingParty)
        }
    }

    @Test func `authenticator data has what its flags say, and no more`() throws {
        let bent: [(inout Script) -> Void] = [
            { $0.flags = 0xC5 }, { $0.trailing = [0] }, { $0.trailing = CBOR.map([]) },
            { $0.attested = [] }, { $0.attested = [UInt8](repeating: 7, count: 17) },
            { $0.attested = [UInt8](repeating: 7, count: 16) + [0xFF, 0xFF] + [1, 2, 3] },
        ]
        for bend in bent {
            guard case .authenticatorData = try refusal(Self.expectation(), bend) else {
                Issue.record("was not refused as authenticator data")
                continue
            }
        }
        #expect(try refusal { ($0.flags, $0.attested) = (0x05, []) } == .noAttestedCredential)
        #expect(try refusal { $0.credentialID = [UInt8](repeating: 1, count: 1023) } == nil)
        #expect(try refusal { $0.credentialID = [UInt8](repeating: 1, count: 1024) } == .tooLarge)
    }

    @Test func `the identifier is one everywhere`() throws {
        let authenticator = try ScriptedAuthenticator()
        let right = authenticator.registration(Script())
        for envelope in [
            authenticator.envelope(Array("another".utf8)),
            authenticator.envelope(Script().credentialID, type: "password"),
            authenticator.envelope(Script().credentialID, type: "Public-Key"), authenticator.envelope([]),
            CredentialEnvelope(id: "AAAA", rawID: Script().credentialID, type: "public-key"),
            CredentialEnvelope(id: right.envelope.id + "=", rawID: Script().credentialID, type: "public-key"),
        ] {
            let response = RegistrationResponse(
                envelope: envelope,
                clientDataJSON: right.clientDataJSON,
                attestationObject: right.attestationObject
            )
            #expect(throws: WebAuthnError.wrongEnvelope) {
                try RegistrationCeremony.verify(response, against: Self.expectation())
            }
        }
    }

    @Test func `the algorithm was offered, and the key is of its kind`() throws {
        #expect(try refusal(Self.expectation(algorithms: [.rs256, .edDSA])) { _ in } == .algorithmNotOffered)
        #expect(try refusal(Self.expectation(algorithms: [])) { _ in } == .algorithmNotOffered)
        let authenticator = try ScriptedAuthenticator()
        let (x, y) = authenticator.key.coordinates ?? ([], [])
        func key(_ members: [(Int, [UInt8])]) -> [UInt8] { CBOR.map(members.map { (CBOR.integer($0.0), $0.1) }) }
        let (kty, alg, crv) = ((1, CBOR.integer(2)), (3, CBOR.integer(-7)), (-1, CBOR.integer(1)))
        let (xx, yy) = ((-2, CBOR.bytes(x)), (-3, CBOR.bytes(y)))
        var off = y
        off[31] ^= 1
        for bent in [
            key([(1, CBOR.integer(3)), alg, crv, xx, yy]), key([kty, (3, CBOR.integer(-35)), crv, xx, yy]),
            key([kty, (3, CBOR.integer(-65535)), crv, xx, yy]), key([kty, alg, (-1, CBOR.integer(2)), xx, yy]),
            key([kty, alg, crv, xx, (-3, CBOR.bytes(off))]), key([kty, alg, crv, xx, (-3, [0xF5])]),
            key([kty, alg, crv, xx, yy, (-4, CBOR.bytes(x))]), key([kty, alg, crv, xx]), key([alg, kty, crv, xx, yy]),
            CBOR.bytes(x), [],
        ] {
            var script = Script()
            let id = script.credentialID
            script.attested = [UInt8](repeating: 7, count: 16) + [0, UInt8(id.count)] + id + bent
            #expect(throws: WebAuthnError.self) {
                try RegistrationCeremony.verify(authenticator.registration(script), against: Self.expectation())
            }
        }
    }

    @Test func `attestation none is an empty statement, and unknown formats are refused`() throws {
        let statement = CBOR.map([(CBOR.text("x"), CBOR.integer(1))])
        #expect(try refusal { $0.statement = statement } == .attestation(.malformedStatement))
        let lenient = Self.expectation { $0.unknownFormats = .treatAsNone }
        for format in ["Packed", "packed\0", "android-safetynet", "Compound"] {
            #expect(try refusal { $0.format = format } == .attestation(.unknownFormat))
            #expect(try refusal(lenient) { $0.format = format } == nil)
            #expect(try refusal(lenient) { ($0.format, $0.statement) = (format, statement) } == nil)
        }
        // As none means: refused where none is.
        let demanding = Self.expectation { ($0.unknownFormats, $0.formats) = (.treatAsNone, [.packed]) }
        #expect(try refusal(demanding) { $0.format = "unheard-of" } == .attestationRefused(.format))
        for format in ["", String(repeating: "x", count: 33)] { #expect(try refusal { $0.format = format } != nil) }
        #expect(try refusal(Self.expectation { $0.formats = [.packed] }) { _ in } == .attestationRefused(.format))
        #expect(try refusal(Self.expectation { $0.requiresTrust = true }) { _ in } == .attestationRefused(.notTrusted))
        let model = try #require(AAGUID([UInt8](repeating: 7, count: 16)))
        #expect(try refusal(Self.expectation { $0.deniedModels = [model] }) { _ in } == .attestationRefused(.model))
        #expect(try refusal(Self.expectation { $0.allowedModels = [] }) { _ in } == .attestationRefused(.model))
    }

    @Test func `self attestation is by the credential's own key and algorithm`() throws {
        let (authenticator, stranger) = (try ScriptedAuthenticator(), try ScriptedAuthenticator())
        func verdict(_ signer: ScriptedAuthenticator, _ algorithm: Int = -7, bend: UInt8 = 0) throws
            -> AttestationVerdict
        {
            var script = Script()
            var message = authenticator.authenticatorData(script) + SHA256.digest(of: authenticator.clientData(script))
            message[0] ^= bend
            script.format = "packed"
            script.statement = CBOR.map([
                (CBOR.text("alg"), CBOR.integer(algorithm)), (CBOR.text("sig"), CBOR.bytes(try signer.sign(message))),
            ])
            return try RegistrationCeremony.verify(authenticator.registration(script), against: Self.expectation())
                .attestation
        }
        let right = try verdict(authenticator)
        #expect(right.type == .self && right.format == .packed && !right.isTrusted && right.trustPath.isEmpty)
        #expect(throws: WebAuthnError.self) { try verdict(stranger) }
        #expect(throws: WebAuthnError.self) { try verdict(authenticator, -35) }
        #expect(throws: WebAuthnError.self) { try verdict(authenticator, bend: 1) }
    }
}
