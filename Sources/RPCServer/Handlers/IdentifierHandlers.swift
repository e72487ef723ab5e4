internal import Cryptography
internal import Identity
internal import Wire

/// The methods of gatehouse.v1.IdentifierService.
struct IdentifierHandlers: IdentifierServiceHandler {
    let identifiers: IdentifierFlows

    func addIdentifier(_ request: AddIdentifierRequest, context: CallContext) async throws -> AddIdentifierResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let kind = try Self.kind(request.kind)
        let revision = RequestFields.revision(request.expectedRevision)
        let changed = try await identifiers.add(kind, request.value, to: user, expectedRevision: revision, context)
        return AddIdentifierResponse(user: Wire.User(changed))
    }

    func beginIdentifierClaim(
        _ request: BeginIdentifierClaimRequest,
        context: CallContext
    ) async throws -> BeginIdentifierClaimResponse {
        let replaced: IdentifierID? = try RequestFields.optionalID(
            request.replacedIdentifierID,
            "replaced_identifier_id"
        )
        let kind = try Self.kind(request.kind)
        let claim = try await identifiers.begin(kind, request.value, replacing: replaced, context.of(nil))
        return BeginIdentifierClaimResponse(claim: Wire.IdentifierClaim(claim))
    }

    func sendIdentifierCode(
        _ request: SendIdentifierCodeRequest,
        context: CallContext
    ) async throws -> SendIdentifierCodeResponse {
        let claim = try await identifiers.sendAgain(RequestFields.id(request.claimID, "claim_id"), context.of(nil))
        return SendIdentifierCodeResponse(claim: Wire.IdentifierClaim(claim))
    }

    func confirmIdentifier(
        _ request: ConfirmIdentifierRequest,
        context: CallContext
    ) async throws -> ConfirmIdentifierResponse {
        let id: IdentifierClaimID = try RequestFields.id(request.claimID, "claim_id")
        guard let user = try await identifiers.confirm(id, code: request.code, context) else {
            throw RequestFields.invalid("code", "is not the code that was sent", .identifierCodeWrong)
        }
        return ConfirmIdentifierResponse(user: Wire.User(user))
    }

    func setPrimaryIdentifier(
        _ request: SetPrimaryIdentifierRequest,
        context: CallContext
    ) async throws -> SetPrimaryIdentifierResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let id: IdentifierID = try RequestFields.id(request.identifierID, "identifier_id")
        let revision = RequestFields.revision(request.expectedRevision)
        let changed = try await identifiers.makePrimary(id, of: user, expectedRevision: revision, context)
        return SetPrimaryIdentifierResponse(user: Wire.User(changed))
    }

    func removeIdentifier(
        _ request: RemoveIdentifierRequest,
        context: CallContext
    ) async throws -> RemoveIdentifierResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let changed = try await identifiers.remove(
            RequestFields.id(request.identifierID, "identifier_id"),
            of: user,
            evenIfLastWayIn: request.evenIfLastWayIn,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return RemoveIdentifierResponse(user: Wire.User(changed))
    }

    func setUsername(_ request: SetUsernameRequest, context: CallContext) async throws -> SetUsernameResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let changed = try await identifiers.setUsername(
            request.username,
            of: user,
            evenIfLastWayIn: request.evenIfLastWayIn,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return SetUsernameResponse(user: Wire.User(changed))
    }

    func undoIdentifierChange(
        _ request: UndoIdentifierChangeRequest,
        context: CallContext
    ) async throws -> UndoIdentifierChangeResponse {
        try await identifiers.undo(request.token, context.of(request.client))
        return UndoIdentifierChangeResponse()
    }

    private static func kind(_ kind: Wire.IdentifierKind) throws(FlowError) -> Identity.IdentifierKind {
        guard let kind = kind.domain else { throw RequestFields.invalid("kind", "must be given", .fieldRequired) }
        return kind
    }
}

extension Wire.IdentifierClaim {
    fileprivate init(_ claim: Identity.IdentifierClaim) {
        self.init(
            id: claim.id.description,
            kind: Wire.IdentifierKind(claim.kind),
            value: claim.value,
            replacedIdentifierID: claim.replaced?.description ?? "",
            codeLength: claim.codeLength,
            codeExpireTime: claim.codeExpiresAt.wire,
            resendTime: claim.resendAt.wire,
            expireTime: claim.expiresAt.wire
        )
    }
}
