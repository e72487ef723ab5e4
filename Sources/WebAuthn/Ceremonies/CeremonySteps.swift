internal import Cryptography

/// The steps that registration and authentication have in common; numbers as (7.1 step / 7.2 step) of Level 3.
enum CeremonySteps {
    /// Step 3/3 and what `rawId` is for: one identifier, a public key's.
    static func checkEnvelope(_ envelope: CredentialEnvelope) throws(WebAuthnError) {
        guard envelope.rawID.count <= 1023, envelope.id.utf8.count <= 1364 else { throw .tooLarge }
        guard envelope.type.utf8.elementsEqual("public-key".utf8), !envelope.rawID.isEmpty,
            envelope.id.utf8.elementsEqual(Base64URL.encodedBytes(envelope.rawID))
        else { throw .wrongEnvelope }
    }

    /// Steps 5-11/8-14: what the browser says is what we asked for, on a page of ours.
    static func checkClientData(
        _ bytes: [UInt8],
        type: StaticString,
        challenge: [UInt8],
        relyingParty: RelyingParty
    ) throws(WebAuthnError) {
        let clientData = try read(bytes)
        // Step 7/10.
        guard clientData.type.elementsEqual(type.description.utf8) else { throw .wrongType }
        // Step 8/11: letters against letters, so that no second spelling of a challenge passes. An empty stored
        // challenge is a fault of ours and must not match an empty text.
        guard challenge.count >= 16,
            ConstantTime.areEqual(clientData.challenge, Base64URL.encodedBytes(challenge))
        else { throw .wrongChallenge }
        // Step 9/12.
        guard relyingParty.origins.contains(clientData.origin) else { throw .wrongOrigin }
        try checkEmbedding(clientData, relyingParty)
    }

    /// Steps 5-6/8-9.
    private static func read(_ bytes: [UInt8]) throws(WebAuthnError) -> ClientData {
        do {
            return try ClientData(bytes)
        } catch {
            throw .clientData(error)
        }
    }

    /// Steps 10-11/13-14.
    private static func checkEmbedding(
        _ clientData: ClientData,
        _ relyingParty: RelyingParty
    ) throws(WebAuthnError) {
        switch relyingParty.embedding {
        case .forbidden:
            guard !clientData.isCrossOrigin else { throw .crossOrigin }
            guard clientData.topOrigin == nil else { throw .wrongTopOrigin }
        case .allowed(let topOrigins):
            guard let topOrigin = clientData.topOrigin else { return }
            // A page that is on top of itself has no other on top.
            guard clientData.isCrossOrigin, topOrigins.contains(topOrigin) else { throw .wrongTopOrigin }
        }
    }

    /// Steps 14-17/15-18: made for us, by a person, under possible flags.
    static func checkAuthenticatorData(
        _ data: AuthenticatorData,
        relyingParty: RelyingParty,
        needsPresence: Bool,
        userVerification: UserVerification
    ) throws(WebAuthnError) {
        // Step 14/15.
        guard ConstantTime.areEqual(data.relyingPartyHash, relyingParty.idHash) else { throw .wrongRelyingParty }
        // Step 15/16.
        guard !needsPresence || data.flags.contains(.userPresent) else { throw .userNotPresent }
        // Step 16/17.
        guard userVerification != .required || data.flags.contains(.userVerified) else { throw .userNotVerified }
        // Step 17/18.
        guard data.flags.contains(.backupEligible) || !data.flags.contains(.backedUp) else { throw .impossibleBackup }
    }
}
