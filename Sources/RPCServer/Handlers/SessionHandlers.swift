internal import Identity
internal import Wire

/// The methods of gatehouse.v1.SessionService.
struct SessionHandlers: SessionServiceHandler {
    let sessions: SessionFlows

    func validateSession(
        _ request: ValidateSessionRequest,
        context: CallContext
    ) async throws -> ValidateSessionResponse {
        let session = try await sessions.validate(token: request.sessionToken, context)
        return ValidateSessionResponse(session: Wire.Session(session))
    }

    func listSessions(_ request: ListSessionsRequest, context: CallContext) async throws -> ListSessionsResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let found = try await sessions.list(user, page, context)
        return ListSessionsResponse(
            sessions: found.items.map(Wire.Session.init),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func revokeSession(_ request: RevokeSessionRequest, context: CallContext) async throws -> RevokeSessionResponse {
        try await sessions.revoke(try RequestFields.id(request.sessionID, "session_id"), context)
        return RevokeSessionResponse()
    }

    func revokeUserSessions(
        _ request: RevokeUserSessionsRequest,
        context: CallContext
    ) async throws -> RevokeUserSessionsResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let kept: SessionID? = try RequestFields.optionalID(request.exceptSessionID, "except_session_id")
        let count = try await sessions.revokeAll(of: user, except: kept, context)
        return RevokeUserSessionsResponse(revoked: UInt32(clamping: count))
    }
}
