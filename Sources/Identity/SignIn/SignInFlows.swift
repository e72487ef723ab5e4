package import Cryptography
import Logging
import MariaDB

/// The sign-in engine as faces see it: walks a flow from nothing to a session, the same for the site and for RPC.
///
/// A flow belongs to who began it: the site, or one service account. To anybody else its handle is a flow that ended.
/// Faces hold no rule; what may be done next is in the view.
package struct SignInFlows: Sendable {
    let parts: CoreParts
    let engine: SignInEngine

    init(parts: CoreParts) {
        self.init(parts: parts, verifier: .keyed(by: parts.keyRing))
    }

    /// With a verifier of one's own, to see how often a comparison is reached.
    init(parts: CoreParts, verifier: CodeVerifier) {
        self.parts = parts
        let codes = CodeChannel.allCases.map { channel in
            AddressCodeMethod(
                channel: channel,
                limits: parts.policy,
                verifier: verifier,
                random: parts.random,
                outbox: OutboxStore(keyRing: parts.keyRing, random: parts.random)
            )
        }
        let totp = TOTPMethod(store: TOTPStore(parts: parts))
        let password = PasswordMethod(isEnabled: parts.policy.passwords.isEnabled)
        engine = SignInEngine(parts: parts, methods: [totp, password] + codes + [RecoveryCodeMethod()])
    }

    /// Starts a flow; with an identifier it sends the first code.
    ///
    /// Throws `.invalidInput` for what is no e-mail address, and `.throttled` when the source, or everybody together,
    /// began or sent too much. An address that had its share of codes gets none, and its view says when the next may go.
    package func begin(_ request: SignInRequest, _ context: CallContext) async throws(FlowError) -> StartedSignIn {
        try context.requireSignIn()
        let identifier = try request.identifier.map { text throws(FlowError) in try self.identifier(text) }
        guard request.returnTarget.unicodeScalars.count <= 1000 else {
            throw .invalid("return_target", .fieldTooLong, "at most 1000 characters")
        }
        let now = parts.clock.now()
        let (handle, hash) = TokenText.make(.flowHandle, random: parts.random)
        let flow = SignInFlow(
            id: FlowID.make(at: now, random: parts.random),
            callerID: context.flowOwner,
            phase: .identifying,
            identifier: identifier,
            demand: request.demand,
            factors: [],
            returnTarget: request.returnTarget,
            languages: context.languages.prefix(scalars: 200),
            expiresAt: now + parts.policy.flowLifetime,
            client: SignInFlow.Client(context)
        )
        // Where nobody is named nothing is sent, and there is nothing to wake the worker for.
        let begun = try await step(context, maySend: identifier != nil) { engine, transaction in
            let outcome = try engine.begin(flow, handle: hash, context, at: now, transaction)
            return try outcome.map { view in
                let isWanted = request.wantsPasskey && view.steps.contains(.passkey)
                return (view, isWanted ? try engine.challengePasskey(flow, at: now, transaction) : nil)
            }
        }
        return StartedSignIn(handle: handle, view: begun.0, passkey: begun.1)
    }

    /// Starts a flow that proves anew who the user of a session is, for what needs a fresh proof (step-up), and sends the
    /// first code.
    ///
    /// It ends with the same session under a new token. Throws `.unauthenticated` when the token is not a live session's,
    /// `step_up_impossible` when its user has no verified address, and what `begin` throws.
    package func beginStepUp(
        session token: SecretBytes,
        returnTarget: String = "",
        _ context: CallContext
    ) async throws(FlowError) -> StartedSignIn {
        try context.requireSignIn()
        guard returnTarget.unicodeScalars.count <= 1000 else {
            throw .invalid("return_target", .fieldTooLong, "at most 1000 characters")
        }
        let session = try await SessionFlows(parts: parts).live(token, context)
        guard !session.isRestricted else { throw .sessionRestricted }
        guard session.applicationID == nil else { throw .sessionOfApplication }
        let now = parts.clock.now()
        let (handle, hash) = TokenText.make(.flowHandle, random: parts.random)
        let id = FlowID.make(at: now, random: parts.random)
        let lifetime = parts.policy.flowLifetime
        let view = try await step(context) { engine, transaction in
            let flow = SignInFlow(
                id: id,
                callerID: context.flowOwner,
                phase: .identifying,
                identifier: try engine.nameToProve(session.userID, transaction),
                demand: .nothing,
                factors: [],
                returnTarget: returnTarget,
                languages: context.languages.prefix(scalars: 200),
                expiresAt: now + lifetime,
                confirming: SignInFlow.Confirming(session: session.id, user: session.userID),
                client: SignInFlow.Client(context)
            )
            let outcome = try engine.begin(flow, handle: hash, context, at: now, transaction)
            return try outcome.map { view in
                // A provider is asked for elsewhere than in the flow.
                guard !view.steps.isEmpty || flow.identifier?.externalLogin != nil else {
                    throw FlowError.stepUpImpossible
                }
                return view
            }
        }
        return StartedSignIn(handle: handle, view: view)
    }

    /// Where a flow stands; `flow_ended` when the handle is unknown, over, or another caller's.
    package func view(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) -> SignInView {
        let hash = try hash(of: handle, context)
        let now = parts.clock.now()
        let engine = engine
        return try await parts.read(context) { transaction in
            guard let flow = try engine.flows.readOpen(hash, of: context.flowOwner, at: now, transaction) else {
                throw FlowError.flowEnded
            }
            return try engine.view(of: flow, transaction)
        }
    }

    /// Says who wants to sign in and sends the first code.
    ///
    /// Another address may be named as long as none is proved.
    package func identify(
        _ handle: SecretBytes,
        identifier: String,
        _ context: CallContext
    ) async throws(FlowError) -> SignInView {
        let hash = try hash(of: handle, context)
        let identifier = try self.identifier(identifier)
        let now = parts.clock.now()
        return try await step(context) { engine, transaction in
            try engine.identify(hash, identifier, context, at: now, transaction)
        }
    }

    /// Sends a new code; the one before is void.
    ///
    /// Throws `.throttled` when it is too early, and leaves the old one good.
    package func sendCode(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) -> SignInView {
        let hash = try hash(of: handle, context)
        let now = parts.clock.now()
        return try await step(context) { engine, transaction in
            try engine.sendAgain(hash, context, at: now, transaction)
        }
    }

    /// Checks a code, as the person typed it.
    package func submitCode(
        _ handle: SecretBytes,
        code: SecretBytes,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try await submit(handle, .code(code), context)
    }

    /// Checks the one-time password of an authenticator app, as the person typed it.
    ///
    /// With `remembersDevice` no second factor is asked for on this device for 30 days.
    package func submitTOTP(
        _ handle: SecretBytes,
        code: SecretBytes,
        remembersDevice: Bool = false,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try await submit(handle, .totp(code, remembersDevice: remembersDevice), context)
    }

    /// Options for using a passkey in a flow, also before anybody is named: then the passkey knows whose it is.
    ///
    /// Throws `step_not_due` when a passkey is of no use, and `flow_ended`.
    package func beginPasskey(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) -> PasskeyOptions {
        let hash = try hash(of: handle, context)
        let now = parts.clock.now()
        // Counted like a beginning: nobody has to prove anything to ask for options again and again (SECURITY TH-09).
        return try await step(context, maySend: false) { engine, transaction in
            try engine.challengeCountedPasskey(hash, context, at: now, transaction)
        }
    }

    /// Checks what a passkey answered: the JSON of `PublicKeyCredential.toJSON()`.
    package func submitPasskey(
        _ handle: SecretBytes,
        response json: [UInt8],
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try context.requireSignIn()
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { return .refused(.ended) }
        guard let response = PasskeyResponseJSON.authentication(json) else {
            throw .invalid("response_json", .fieldInvalid, "not the JSON of a passkey's response")
        }
        let now = parts.clock.now()
        let engine = engine
        let verdict = try await parts.transaction(context) { transaction in
            try engine.submitPasskey(hash, response, context, at: now, transaction)
        }
        await finishWork(after: verdict, context)
        return outcome(of: verdict)
    }

    /// Ends a flow; cancelling an ended flow succeeds.
    package func cancel(_ handle: SecretBytes, _ context: CallContext) async throws(FlowError) {
        try context.requireSignIn()
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { return }
        let now = parts.clock.now()
        let engine = engine
        try await parts.transaction(context) { transaction in
            try engine.cancel(hash, context, at: now, transaction)
        }
    }
}

extension SignInFlows {
    /// How often a step is run when others make the same user at the same time.
    private static let maximumRaces = 3

    private func submit(
        _ handle: SecretBytes,
        _ response: SignInResponse,
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try context.requireSignIn()
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { return .refused(.ended) }
        let now = parts.clock.now()
        let engine = engine
        for race in 1... {
            do {
                let verdict = try await parts.transaction(context) { transaction in
                    try engine.submit(hash, response, context, at: now, transaction)
                }
                await finishWork(after: verdict, context)
                return outcome(of: verdict)
            } catch  where error.cause is RegistrationRace && race < Self.maximumRaces {
                continue
            }
        }
        throw .flowEnded
    }

    /// Does what is left to do once a step is committed.
    ///
    /// The worker is woken after every other outcome than a sign-in that wrote to nobody, since waking it for some refusals
    /// only would tell them apart.
    func finishWork(after verdict: SignInEngine.Verdict, _ context: CallContext) async {
        guard case .signedIn(let signedIn) = verdict else { return parts.outboxSignal.raise() }
        if signedIn.leftovers.hasMessages { parts.outboxSignal.raise() }
        if signedIn.leftovers.hasFailures, signedIn.deviceToken == nil { await forgiveStrangers(signedIn, context) }
    }

    /// An owner who is there ends the rows of failures of strangers by any method, which else would switch it off some day.
    ///
    /// Nothing hangs on it: if it fails, the next success does it.
    private func forgiveStrangers(_ signedIn: SignedIn, _ context: CallContext) async {
        let engine = engine
        let subjects = SignInMethodName.allCases.map { engine.strangersSubject($0, of: signedIn.session.userID) }
        do {
            // Mostly there are none, and a look is cheaper than a transaction.
            let isNeeded = try await parts.read(context) { transaction in
                try engine.throttles.hasFailuresInARow(subjects, transaction)
            }
            guard isNeeded else { return }
            try await parts.transaction(context) { try engine.throttles.forgiveStrangers(subjects, $0) }
        } catch {
            parts.logger.info("failures of strangers were not forgiven", metadata: ["error": "\(error)"])
        }
    }

    func outcome(of verdict: SignInEngine.Verdict) -> SignInOutcome {
        switch verdict {
        case .signedIn(let signedIn): .signedIn(signedIn)
        case .proceed(let view): .proceed(view)
        case .refused(let refusal): .refused(refusal)
        }
    }

    /// Runs a step that may have written a message, and wakes the worker after the commit.
    private func step<Value: Sendable>(
        _ context: CallContext,
        maySend: Bool = true,
        _ body: @escaping @Sendable (SignInEngine, Transaction) throws -> SignInEngine.Outcome<Value>
    ) async throws(FlowError) -> Value {
        let engine = engine
        let outcome = try await parts.transaction(context) { transaction in try body(engine, transaction) }
        switch outcome {
        case .done(let value):
            if maySend { parts.outboxSignal.raise() }
            return value
        case .throttled(let until):
            let wait = until.map { max($0 - parts.clock.now(), .zero) }
            throw .throttled(retryAfter: wait ?? parts.policy.throttling.forgiveness)
        }
    }

    private func hash(of handle: SecretBytes, _ context: CallContext) throws(FlowError) -> TokenHash {
        try context.requireSignIn()
        guard let hash = TokenHash(of: handle, kind: .flowHandle) else { throw .flowEnded }
        return hash
    }
}

extension SignInFlow.Client {
    fileprivate init(_ context: CallContext) {
        self.init(
            source: context.source,
            userAgent: context.userAgent.prefix(scalars: 512),
            devices: context.devices
        )
    }
}

extension CallContext {
    /// Who may go on with a flow that is begun in this context: a service account, or zero for the site.
    var flowOwner: ServiceAccountID {
        if case .serviceAccount(let caller) = actor { caller.id } else { .zero }
    }

    /// Signing in is open to browsers, also signed-in ones, and to service accounts with the scope; a session carried by
    /// a service account acts with its user's rights, and this is none of them.
    func requireSignIn() throws(FlowError) {
        switch actor {
        case .anonymous, .user(_, via: nil): return
        case .serviceAccount, .system: try require(.signIn)
        case .user: throw .permissionMissing
        }
    }
}
