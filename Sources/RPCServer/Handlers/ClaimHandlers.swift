internal import Identity
internal import JSON
internal import Wire

/// The methods of gatehouse.v1.ClaimService.
struct ClaimHandlers: ClaimServiceHandler {
    let claims: ClaimFlows

    func getClaims(_ request: GetClaimsRequest, context: CallContext) async throws -> GetClaimsResponse {
        let wanted = ClaimsRequest(
            user: try RequestFields.id(request.userID, "user_id"),
            session: try RequestFields.optionalID(request.sessionID, "session_id"),
            scopes: request.scopes,
            names: request.claims
        )
        let found = try await claims.claims(wanted, context)
        return GetClaimsResponse(claims: found.map { Wire.Claim(name: $0.name, json: $0.value.text) })
    }

    func isActive(_ request: IsActiveRequest, context: CallContext) async throws -> IsActiveResponse {
        let activity = try await claims.activity(
            of: try RequestFields.id(request.userID, "user_id"),
            session: try RequestFields.optionalID(request.sessionID, "session_id"),
            context
        )
        return IsActiveResponse(active: activity == .active, activity: Wire.Activity(activity))
    }
}

extension Wire.Activity {
    fileprivate init(_ activity: Identity.Activity) {
        self =
            switch activity {
            case .active: .active
            case .userUnknown: .userUnknown
            case .userDisabled: .userDisabled
            case .userLocked: .userLocked
            case .userDeleted: .userDeleted
            case .sessionOver: .sessionOver
            }
    }
}
