internal import Cryptography
internal import Identity
internal import Wire

/// The methods of gatehouse.v1.SignInService.
struct SignInHandlers: SignInServiceHandler {
    let signIn: SignInFlows

    func beginSignIn(_ request: BeginSignInRequest, context: CallContext) async throws -> BeginSignInResponse {
        let level: Identity.AssuranceDemand =
            switch request.assuranceLevel {
            case .unspecified, .aal1: .nothing
            case .aal2: .aal2
            }
        let start = SignInRequest(
            identifier: request.identifier.isEmpty ? nil : request.identifier,
            demand: max(level, request.assuranceDemand.domain),
            wantsPasskey: request.withPasskeyOptions
        )
        let started = try await signIn.begin(start, try context.of(request.client))
        return BeginSignInResponse(
            flow: SignInFlow(started.view),
            flowToken: started.handle,
            passkeyOptionsJson: started.passkey?.json ?? "",
            passkeyExpireTime: started.passkey?.expiresAt.wire
        )
    }

    func beginStepUp(_ request: BeginStepUpRequest, context: CallContext) async throws -> BeginStepUpResponse {
        let started = try await signIn.beginStepUp(session: request.sessionToken, context.of(request.client))
        return BeginStepUpResponse(flow: SignInFlow(started.view), flowToken: started.handle)
    }

    func getSignIn(_ request: GetSignInRequest, context: CallContext) async throws -> GetSignInResponse {
        GetSignInResponse(flow: SignInFlow(try await signIn.view(request.flowToken, context.of(nil))))
    }

    func identifySignIn(
        _ request: IdentifySignInRequest,
        context: CallContext
    ) async throws -> IdentifySignInResponse {
        let context = try context.of(request.client)
        let view = try await signIn.identify(request.flowToken, identifier: request.identifier, context)
        return IdentifySignInResponse(flow: SignInFlow(view))
    }

    func sendSignInCode(
        _ request: SendSignInCodeRequest,
        context: CallContext
    ) async throws -> SendSignInCodeResponse {
        SendSignInCodeResponse(flow: SignInFlow(try await signIn.sendCode(request.flowToken, context.of(nil))))
    }

    func submitSignInCode(
        _ request: SubmitSignInCodeRequest,
        context: CallContext
    ) async throws -> SubmitSignInCodeResponse {
        switch try await signIn.submitCode(request.flowToken, code: request.code, context.of(nil)) {
        case .signedIn(let signedIn): return SubmitSignInCodeResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .proceed(let view): return SubmitSignInCodeResponse(outcome: .flow(SignInFlow(view)))
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    func submitSignInTotp(
        _ request: SubmitSignInTotpRequest,
        context: CallContext
    ) async throws -> SubmitSignInTotpResponse {
        let outcome = try await signIn.submitTOTP(
            request.flowToken,
            code: request.code,
            remembersDevice: request.rememberDevice,
            context.of(nil)
        )
        switch outcome {
        case .signedIn(let signedIn): return SubmitSignInTotpResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .proceed(let view): return SubmitSignInTotpResponse(outcome: .flow(SignInFlow(view)))
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    func submitSignInPassword(
        _ request: SubmitSignInPasswordRequest,
        context: CallContext
    ) async throws -> SubmitSignInPasswordResponse {
        switch try await signIn.submitPassword(request.flowToken, password: request.password, context.of(nil)) {
        case .signedIn(let signedIn): return SubmitSignInPasswordResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .proceed(let view): return SubmitSignInPasswordResponse(outcome: .flow(SignInFlow(view)))
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    func submitSignInRecoveryCode(
        _ request: SubmitSignInRecoveryCodeRequest,
        context: CallContext
    ) async throws -> SubmitSignInRecoveryCodeResponse {
        switch try await signIn.submitRecoveryCode(request.flowToken, code: request.code, context.of(nil)) {
        case .signedIn(let signedIn):
            return SubmitSignInRecoveryCodeResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .proceed(let view): return SubmitSignInRecoveryCodeResponse(outcome: .flow(SignInFlow(view)))
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    func beginSignInPasskey(
        _ request: BeginSignInPasskeyRequest,
        context: CallContext
    ) async throws -> BeginSignInPasskeyResponse {
        let options = try await signIn.beginPasskey(request.flowToken, context.of(nil))
        return BeginSignInPasskeyResponse(optionsJson: options.json, expireTime: options.expiresAt.wire)
    }

    func submitSignInPasskey(
        _ request: SubmitSignInPasskeyRequest,
        context: CallContext
    ) async throws -> SubmitSignInPasskeyResponse {
        let response = Array(request.responseJson.utf8)
        switch try await signIn.submitPasskey(request.flowToken, response: response, context.of(nil)) {
        case .signedIn(let signedIn): return SubmitSignInPasskeyResponse(outcome: .signedIn(Wire.SignedIn(signedIn)))
        case .proceed(let view): return SubmitSignInPasskeyResponse(outcome: .flow(SignInFlow(view)))
        case .refused(let refusal): throw FlowError(refusal)
        }
    }

    func cancelSignIn(_ request: CancelSignInRequest, context: CallContext) async throws -> CancelSignInResponse {
        try await signIn.cancel(request.flowToken, context.of(nil))
        return CancelSignInResponse()
    }
}

extension Wire.SignedIn {
    init(_ signedIn: Identity.SignedIn) {
        self.init(
            session: Wire.Session(signedIn.session),
            sessionToken: signedIn.token,
            newUser: signedIn.isNewUser,
            deviceToken: signedIn.deviceToken ?? SecretBytes(copying: []),
            reasons: signedIn.reasons.map(\.rawValue)
        )
    }
}

extension FlowError {
    /// A trusted caller learns that the person must wait; a wrong and a dead code look alike.
    init(_ refusal: SignInRefusal) {
        switch refusal {
        case .tryAgain, .ended:
            self.init(.unauthenticated, reason: .signInRefused, message: "the proof was refused")
        case .throttled(let delay):
            self = .throttled(retryAfter: delay)
        }
    }
}

extension CallContext {
    /// The same call with the person's end of the line, as the trusted caller saw it.
    ///
    /// What it did not see stays unknown: its own address is not the person's, and must not share the person's limits.
    func of(_ client: SignInClient?) throws(FlowError) -> CallContext {
        var context = self
        context.source = nil
        guard let client else { return context }
        context.userAgent = client.userAgent
        context.languages = client.languages
        context.devices = DeviceTokens(client.deviceToken)
        guard !client.sourceAddress.isEmpty else { return context }
        guard let source = SourceAddress(client.sourceAddress) else {
            throw RequestFields.invalid("client.source_address", "must be an IPv4 or IPv6 address")
        }
        context.source = source
        return context
    }
}
