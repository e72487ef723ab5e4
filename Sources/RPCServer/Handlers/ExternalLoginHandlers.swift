internal import Cryptography
internal import Identity
internal import OpenIDConnect
internal import Wire

/// The methods of gatehouse.v1.ExternalLoginService.
struct ExternalLoginHandlers: ExternalLoginServiceHandler {
    let logins: ExternalLoginFlows

    func beginExternal(_ request: BeginExternalRequest, context: CallContext) async throws -> BeginExternalResponse {
        let started = try await logins.begin(
            request.provider,
            handle: request.flowToken.count == 0 ? nil : request.flowToken,
            redirectURI: request.redirectUri,
            context.of(request.client)
        )
        return BeginExternalResponse(
            authorizationURL: started.url,
            expireTime: started.expiresAt.wire,
            flowToken: started.signIn?.handle ?? SecretBytes(copying: [])
        )
    }

    func beginExternalLink(
        _ request: BeginExternalLinkRequest,
        context: CallContext
    ) async throws -> BeginExternalLinkResponse {
        let started = try await logins.beginLink(request.provider, redirectURI: request.redirectUri, context)
        return BeginExternalLinkResponse(authorizationURL: started.url, expireTime: started.expiresAt.wire)
    }

    func finishExternal(_ request: FinishExternalRequest, context: CallContext) async throws -> FinishExternalResponse {
        let parameters = try Self.parameters(request.state, request.code, request.error, request.issuer)
        switch try await logins.finish(request.provider, parameters, handle: request.flowToken, context.of(nil)) {
        case .signIn(.signedIn(let signedIn)):
            return FinishExternalResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .signIn(.proceed(let view)): return FinishExternalResponse(outcome: .flow(SignInFlow(view)))
        case .signIn(.refused(let refusal)): throw FlowError(refusal)
        case .linked: return FinishExternalResponse(outcome: .refused(ExternalRefusal.over.rawValue))
        case .refused(let refusal): return FinishExternalResponse(outcome: .refused(refusal.rawValue))
        }
    }

    func finishExternalLink(
        _ request: FinishExternalLinkRequest,
        context: CallContext
    ) async throws -> FinishExternalLinkResponse {
        try logins.requireLinking(context)
        let parameters = try Self.parameters(request.state, request.code, request.error, request.issuer)
        switch try await logins.finish(request.provider, parameters, handle: nil, context) {
        case .linked(let login): return FinishExternalLinkResponse(outcome: .linked(Wire.ExternalLogin(login)))
        case .signIn: return FinishExternalLinkResponse(outcome: .refused(ExternalRefusal.over.rawValue))
        case .refused(let refusal): return FinishExternalLinkResponse(outcome: .refused(refusal.rawValue))
        }
    }

    func listExternalLogins(
        _ request: ListExternalLoginsRequest,
        context: CallContext
    ) async throws -> ListExternalLoginsResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        return ListExternalLoginsResponse(logins: try await logins.list(user, context).map(Wire.ExternalLogin.init))
    }

    func unlinkExternalLogin(
        _ request: UnlinkExternalLoginRequest,
        context: CallContext
    ) async throws -> UnlinkExternalLoginResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        try await logins.unlink(
            RequestFields.id(request.loginID, "login_id"),
            of: user,
            evenIfLastWayIn: request.evenIfLastWayIn,
            context
        )
        return UnlinkExternalLoginResponse()
    }

    private static func parameters(
        _ state: String,
        _ code: SecretBytes,
        _ error: String,
        _ issuer: String
    ) throws(FlowError) -> CallbackParameters {
        let fields = [
            "state": state, "code": code.validatedUTF8String() ?? "", "error": error,
            "iss": issuer.isEmpty ? nil : issuer,
        ]
        guard let parameters = CallbackParameters({ fields[$0] ?? nil }) else {
            throw RequestFields.invalid("state", "is needed, with either a code or an error")
        }
        return parameters
    }
}

extension Wire.ExternalLogin {
    fileprivate init(_ login: Identity.ExternalLogin) {
        self.init(
            id: login.id.description,
            userID: login.userID.description,
            provider: login.provider.name,
            providerDisplayName: login.provider.displayName,
            issuer: login.issuer,
            subject: login.subject,
            label: login.label,
            createTime: login.createdAt.wire,
            lastUseTime: login.lastUsedAt?.wire
        )
    }
}
