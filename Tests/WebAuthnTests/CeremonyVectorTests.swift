import Cryptography
import Testing
import WebAuthn

/// What others made and the standard printed is taken, and told from what it is not.
struct CeremonyVectorTests {
    private static let relyingParty = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b5"

    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    private func clientData(
        _ type: String,
        _ challenge: String,
        _ extra: String?,
        crossOrigin: String = "false"
    ) throws -> [UInt8] {
        let sentence = "clientDataJSON may be extended with additional fields in the future, such as this: "
        let more = extra.map { ",\"extraData\":\"\(sentence)\($0)\"" } ?? ""
        let text =
            "{\"type\":\"\(type)\",\"challenge\":\"\(Base64URL.encode(try bytes(challenge)))\","
            + "\"origin\":\"https://example.org\",\"crossOrigin\":\(crossOrigin)\(more)}"
        return Array(text.utf8)
    }

    /// The identifier in an attestation object: 32 bytes behind the model's number and the length.
    private func identifier(in object: [UInt8]) throws -> [UInt8] {
        let hash = try bytes(Self.relyingParty)
        let start = try #require(object.indices.first { object[$0...].starts(with: hash) })
        return Array(object[(start + 55)..<(start + 87)])
    }

    private func register(
        _ vector: CeremonyVector.Registration,
        crossOrigin: String = "false",
        embedding: RelyingParty.Embedding = .forbidden
    ) throws -> RegisteredCredential {
        let object = try bytes(vector.attestationObject)
        let id = try identifier(in: object)
        var policy = AttestationPolicy(time: 1_800_000_000)
        policy.commonAnchors = [try Certificate(der: bytes(CeremonyVector.authority))]
        return try RegistrationCeremony.verify(
            RegistrationResponse(
                envelope: CredentialEnvelope(id: Base64URL.encode(id), rawID: id, type: "public-key"),
                clientDataJSON: clientData(
                    "webauthn.create",
                    vector.challenge,
                    vector.extra,
                    crossOrigin: crossOrigin
                ),
                attestationObject: object
            ),
            against: RegistrationExpectation(
                relyingParty: RelyingParty(id: "example.org", origins: ["https://example.org"], embedding: embedding),
                challenge: bytes(vector.challenge),
                userHandle: [1],
                userVerification: .preferred,
                algorithms: COSEAlgorithm.forCredentials,
                attestation: policy
            )
        )
    }

    @Test(arguments: CeremonyVector.all)
    func `a registration and a sign-in of the standard hold`(vector: CeremonyVector) throws {
        let made = try register(vector.registration)
        let format = try #require(vector.name.split(separator: ".").first)
        #expect(made.attestation.format.rawValue == (format == "packed-self" ? "packed" : String(format)))
        #expect(made.attestation.isTrusted == !["none", "packed-self"].contains(format))

        let proof = vector.authentication
        let response = AuthenticationResponse(
            envelope: CredentialEnvelope(id: Base64URL.encode(made.id), rawID: made.id, type: "public-key"),
            clientDataJSON: try clientData("webauthn.get", proof.challenge, proof.extra),
            authenticatorData: try bytes(Self.relyingParty + proof.flags + "00000000"),
            signature: try bytes(proof.signature),
            userHandle: [1]
        )
        func verify(_ response: AuthenticationResponse) throws -> VerifiedAssertion {
            try AuthenticationCeremony.verify(
                response,
                against: AuthenticationExpectation(
                    relyingParty: RelyingParty(id: "example.org", origins: ["https://example.org"]),
                    challenge: bytes(proof.challenge),
                    user: .unknown,
                    userVerification: .preferred
                ),
                credential: StoredCredential(
                    id: made.id,
                    userHandle: [1],
                    publicKey: CredentialPublicKey(made.publicKey.bytes),
                    signatureCount: made.signatureCount,
                    isBackupEligible: made.isBackupEligible
                )
            )
        }
        #expect(try verify(response).counter == .fine)
        let bent = AuthenticationResponse(
            envelope: response.envelope,
            clientDataJSON: response.clientDataJSON + [0x20],
            authenticatorData: response.authenticatorData,
            signature: response.signature,
            userHandle: response.userHandle
        )
        #expect(throws: WebAuthnError.wrongSignature) { try verify(bent) }
    }

    @Test func `a framed page's registration holds only where frames are allowed`() throws {
        #expect(throws: WebAuthnError.crossOrigin) { try register(CeremonyVector.crossOrigin, crossOrigin: "true") }
        let made = try register(CeremonyVector.crossOrigin, crossOrigin: "true", embedding: .allowed(inside: []))
        #expect(made.attestation.type == .none)
    }

    @Test func `a registration under another page's origin holds only where that page may frame ours`() throws {
        func made(_ embedding: RelyingParty.Embedding) throws -> RegisteredCredential {
            let crossOrigin = "true,\"topOrigin\":\"https://example.com\""
            return try register(CeremonyVector.topOrigin, crossOrigin: crossOrigin, embedding: embedding)
        }
        #expect(throws: WebAuthnError.crossOrigin) { try made(.forbidden) }
        #expect(throws: WebAuthnError.wrongTopOrigin) { try made(.allowed(inside: ["https://example.net"])) }
        #expect(try made(.allowed(inside: ["https://example.com"])).attestation.format == .none)
    }

    @Test func `an Android key of unknown origin and purpose is refused for that alone`() throws {
        #expect(throws: WebAuthnError.attestation(.wrongAuthorization)) { try register(CeremonyVector.androidKey) }
    }
}
