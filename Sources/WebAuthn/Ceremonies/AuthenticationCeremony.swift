internal import Cryptography

/// Signing in with a credential (Level 3 section 7.2).
///
/// Steps 1, 2 and 4 happen in the browser; 24 and 25 are the caller's, after its own checks of the account.
package enum AuthenticationCeremony {
    /// The longest signature that is read, in bytes (SECURITY WA-28).
    private static let signatureLimit = 8192

    /// Checks a response against the stored options and the stored credential, one step after another.
    ///
    /// - Parameters:
    ///   - response: What the browser sent.
    ///   - expectation: The options as they were stored when the ceremony began.
    ///   - credential: The credential the store has under the response's identifier.
    /// - Returns: Who signed in, and what to update.
    /// - Throws: `WebAuthnError`, the first step that failed.
    package static func verify(
        _ response: AuthenticationResponse,
        against expectation: AuthenticationExpectation,
        credential: StoredCredential
    ) throws(WebAuthnError) -> VerifiedAssertion {
        guard response.signature.count <= signatureLimit, response.userHandle?.count ?? 0 <= 64 else { throw .tooLarge }
        // Step 3.
        try CeremonySteps.checkEnvelope(response.envelope)
        guard response.envelope.rawID == credential.id else { throw .wrongEnvelope }
        // Step 5.
        guard expectation.allowedCredentials.isEmpty || expectation.allowedCredentials.contains(credential.id) else {
            throw .credentialNotOffered
        }
        // Step 6.
        try checkUser(response.userHandle, expectation.user, credential)
        // Steps 8-14.
        try CeremonySteps.checkClientData(
            response.clientDataJSON,
            type: "webauthn.get",
            challenge: expectation.challenge,
            relyingParty: expectation.relyingParty
        )
        // Steps 7 and 15-19.
        let data = try authenticatorData(response, expectation, credential)
        // Steps 20-21: the hash is over the bytes as they came; key and algorithm are the stored ones.
        let signed = response.authenticatorData + SHA256.digest(of: response.clientDataJSON)
        guard credential.publicKey.isValid(signature: response.signature, of: signed) else { throw .wrongSignature }
        // Step 22 is the verdict on the counter. Step 23: no decision rests on an extension's output.
        return VerifiedAssertion(
            credentialID: credential.id,
            userHandle: credential.userHandle,
            isUserVerified: data.flags.contains(.userVerified),
            isBackedUp: data.flags.contains(.backedUp),
            signatureCount: data.signatureCount,
            counter: counter(data.signatureCount, stored: credential.signatureCount)
        )
    }

    /// Step 6: the credential is the user's who was known before, or of the one the response names.
    private static func checkUser(
        _ handle: [UInt8]?,
        _ user: AuthenticationExpectation.User,
        _ credential: StoredCredential
    ) throws(WebAuthnError) {
        switch user {
        case .known(let known):
            guard credential.userHandle == known, handle == nil || handle == known else { throw .wrongUser }
        case .unknown:
            guard let handle, !handle.isEmpty, handle == credential.userHandle else { throw .wrongUser }
        }
    }

    /// Steps 7 and 15-19.
    private static func authenticatorData(
        _ response: AuthenticationResponse,
        _ expectation: AuthenticationExpectation,
        _ credential: StoredCredential
    ) throws(WebAuthnError) -> AuthenticatorData {
        let data: AuthenticatorData
        do {
            data = try AuthenticatorData(response.authenticatorData)
        } catch {
            throw .authenticatorData(error)
        }
        try CeremonySteps.checkAuthenticatorData(
            data,
            relyingParty: expectation.relyingParty,
            needsPresence: true,
            userVerification: expectation.userVerification
        )
        // Step 19.
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
            throw .backupEligibilityChanged
        }
        return data
    }

    /// Step 22: both zero is an authenticator that does not count.
    private static func counter(_ new: UInt32, stored: UInt32) -> VerifiedAssertion.Counter {
        (new == 0 && stored == 0) || new > stored ? .fine : .regressed
    }
}
