internal import Cryptography

/// Registering a new credential (Level 3 section 7.1).
///
/// Steps 1, 2 and 4 happen in the browser; 26 and 29 are the store's.
package enum RegistrationCeremony {
    /// Checks a response against the stored options, one step after another.
    ///
    /// - Parameters:
    ///   - response: What the browser sent.
    ///   - expectation: The options as they were stored when the ceremony began.
    /// - Returns: What to store, if the identifier is new to every account.
    /// - Throws: `WebAuthnError`, the first step that failed.
    package static func verify(
        _ response: RegistrationResponse,
        against expectation: RegistrationExpectation
    ) throws(WebAuthnError) -> RegisteredCredential {
        // Step 3.
        try CeremonySteps.checkEnvelope(response.envelope)
        // Steps 5-11.
        try CeremonySteps.checkClientData(
            response.clientDataJSON,
            type: "webauthn.create",
            challenge: expectation.challenge,
            relyingParty: expectation.relyingParty
        )
        // Step 12: over the bytes as they came, a byte order mark included.
        let clientDataHash = SHA256.digest(of: response.clientDataJSON)
        // Step 13.
        let object = try AttestationObject(response.attestationObject)
        // Steps 14-17.
        try CeremonySteps.checkAuthenticatorData(
            object.authenticatorData,
            relyingParty: expectation.relyingParty,
            needsPresence: !expectation.isConditional,
            userVerification: expectation.userVerification
        )
        // Steps 18-20 and 25.
        let credential = try credential(in: object, response.envelope, expectation)
        // Steps 21-24.
        let attestation = try expectation.attestation.judge(object, of: credential, clientDataHash)
        // Step 28: extension outputs are untrusted, and no decision rests on one.
        return RegisteredCredential(
            credential,
            object.authenticatorData,
            attestation,
            expectation,
            transports: response.transports
        )
    }

    /// Steps 18-20: the credential, which must be of a kind that was asked for.
    ///
    /// Its identifier's length (step 25) was
    /// checked when it was read.
    private static func credential(
        in object: AttestationObject,
        _ envelope: CredentialEnvelope,
        _ expectation: RegistrationExpectation
    ) throws(WebAuthnError) -> AttestedCredential {
        guard let credential = object.authenticatorData.attestedCredential else { throw .noAttestedCredential }
        // Of step 3: the identifier outside is the signed one.
        guard credential.id == envelope.rawID else { throw .wrongEnvelope }
        // Steps 18-19.
        guard expectation.allowsBackup || !object.authenticatorData.flags.contains(.backupEligible) else {
            throw .backupRefused
        }
        // Step 20.
        guard expectation.algorithms.contains(credential.publicKey.algorithm) else { throw .algorithmNotOffered }
        return credential
    }
}

extension RegisteredCredential {
    fileprivate init(
        _ credential: AttestedCredential,
        _ data: AuthenticatorData,
        _ attestation: AttestationVerdict,
        _ expectation: RegistrationExpectation,
        transports: [String]
    ) {
        id = credential.id
        userHandle = expectation.userHandle
        relyingPartyID = expectation.relyingParty.id
        publicKey = credential.publicKey
        aaguid = credential.aaguid
        signatureCount = data.signatureCount
        isUserVerified = data.flags.contains(.userVerified)
        isBackupEligible = data.flags.contains(.backupEligible)
        isBackedUp = data.flags.contains(.backedUp)
        self.transports = AuthenticatorTransport.known(among: transports)
        self.attestation = attestation
    }
}
