internal import Cryptography
internal import Identity
internal import MariaDB
internal import Wire

/// The methods of gatehouse.v1.InvitationService.
struct InvitationHandlers: InvitationServiceHandler {
    let core: IdentityCore

    func createInvitation(
        _ request: CreateInvitationRequest,
        context: CallContext
    ) async throws -> CreateInvitationResponse {
        let new = NewInvitation(
            email: request.email,
            externalID: request.externalID.isEmpty ? nil : request.externalID,
            lifetimeDays: request.lifetimeDays == 0 ? nil : request.lifetimeDays,
            languages: request.languages
        )
        return CreateInvitationResponse(invitation: wire(try await core.invitations.create(new, context)))
    }

    func getInvitation(_ request: GetInvitationRequest, context: CallContext) async throws -> GetInvitationResponse {
        let id: InvitationID = try RequestFields.id(request.invitationID, "invitation_id")
        return GetInvitationResponse(invitation: wire(try await core.invitations.get(id, context)))
    }

    func listInvitations(
        _ request: ListInvitationsRequest,
        context: CallContext
    ) async throws -> ListInvitationsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let found = try await core.invitations.list(page, context)
        return ListInvitationsResponse(invitations: found.items.map(wire), nextPageToken: found.nextPageToken ?? "")
    }

    func revokeInvitation(
        _ request: RevokeInvitationRequest,
        context: CallContext
    ) async throws -> RevokeInvitationResponse {
        let id: InvitationID = try RequestFields.id(request.invitationID, "invitation_id")
        let revision = RequestFields.revision(request.expectedRevision)
        let invitation = try await core.invitations.revoke(id, expectedRevision: revision, context)
        return RevokeInvitationResponse(invitation: wire(invitation))
    }

    func resendInvitation(
        _ request: ResendInvitationRequest,
        context: CallContext
    ) async throws -> ResendInvitationResponse {
        let id: InvitationID = try RequestFields.id(request.invitationID, "invitation_id")
        let revision = RequestFields.revision(request.expectedRevision)
        let invitation = try await core.invitations.resend(id, expectedRevision: revision, context)
        return ResendInvitationResponse(invitation: wire(invitation))
    }

    func acceptInvitation(
        _ request: AcceptInvitationRequest,
        context: CallContext
    ) async throws -> AcceptInvitationResponse {
        let context = try context.of(request.client)
        switch try await core.signIn.acceptInvitation(request.token, context) {
        case .signedIn(let signedIn): return AcceptInvitationResponse(signedIn: Wire.SignedIn(signedIn))
        case .proceed: throw FlowError(SignInRefusal.ended)
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    private func wire(_ invitation: Identity.Invitation) -> Wire.Invitation {
        let state: Wire.InvitationState =
            switch invitation.state(at: core.now()) {
            case .open: .open
            case .accepted: .accepted
            case .revoked: .revoked
            case .expired: .expired
            }
        return Wire.Invitation(
            id: invitation.id.description,
            state: state,
            email: invitation.email,
            externalID: invitation.externalID ?? "",
            inviterKind: invitation.inviter.wireName,
            inviterID: invitation.inviterID.flatMap(ServiceAccountID.init(bytes:))?.description ?? "",
            userID: invitation.userID?.description ?? "",
            revision: invitation.revision,
            createTime: invitation.createdAt.wire,
            sendTime: invitation.sentAt.wire,
            expireTime: invitation.expiresAt.wire,
            acceptTime: invitation.acceptedAt?.wire,
            revokeTime: invitation.revokedAt?.wire
        )
    }
}
