internal import Identity
internal import Wire

/// The methods of gatehouse.v1.PasskeyService.
struct PasskeyHandlers: PasskeyServiceHandler {
    let passkeys: PasskeyFlows

    func beginPasskeyRegistration(
        _ request: BeginPasskeyRegistrationRequest,
        context: CallContext
    ) async throws -> BeginPasskeyRegistrationResponse {
        let options = try await passkeys.beginRegistration(context)
        return BeginPasskeyRegistrationResponse(optionsJson: options.json, expireTime: options.expiresAt.wire)
    }

    func finishPasskeyRegistration(
        _ request: FinishPasskeyRegistrationRequest,
        context: CallContext
    ) async throws -> FinishPasskeyRegistrationResponse {
        let response = Array(request.responseJson.utf8)
        let passkey = try await passkeys.finishRegistration(response, name: request.name, context)
        return FinishPasskeyRegistrationResponse(passkey: Wire.Passkey(passkey))
    }

    func listPasskeys(_ request: ListPasskeysRequest, context: CallContext) async throws -> ListPasskeysResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        return ListPasskeysResponse(passkeys: try await passkeys.list(user, context).map { Wire.Passkey($0) })
    }

    func getPasskeySignals(
        _ request: GetPasskeySignalsRequest,
        context: CallContext
    ) async throws -> GetPasskeySignalsResponse {
        let signals = try await passkeys.signals(about: request.credentialID, context)
        return GetPasskeySignalsResponse(
            allAcceptedCredentialsJson: signals.allAcceptedCredentials ?? "",
            currentUserDetailsJson: signals.currentUserDetails ?? "",
            unknownCredentialJson: signals.unknownCredential ?? ""
        )
    }

    func renamePasskey(_ request: RenamePasskeyRequest, context: CallContext) async throws -> RenamePasskeyResponse {
        try await passkeys.rename(RequestFields.id(request.passkeyID, "passkey_id"), to: request.name, context)
        return RenamePasskeyResponse()
    }

    func removePasskey(_ request: RemovePasskeyRequest, context: CallContext) async throws -> RemovePasskeyResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let passkey: PasskeyID = try RequestFields.id(request.passkeyID, "passkey_id")
        try await passkeys.remove(passkey, of: user, evenIfLastWayIn: request.evenIfLastWayIn, context)
        return RemovePasskeyResponse()
    }
}

extension Wire.Passkey {
    fileprivate init(_ passkey: Identity.Passkey) {
        self.init(
            id: passkey.id.description,
            userID: passkey.userID.description,
            name: passkey.name,
            model: passkey.model ?? "",
            transports: passkey.transportNames,
            backupEligible: passkey.isBackupEligible,
            backedUp: passkey.isBackedUp,
            createTime: passkey.createdAt.wire,
            lastUseTime: passkey.lastUsedAt?.wire,
            suspectedCopyTime: passkey.suspectedCopyAt?.wire
        )
    }
}
