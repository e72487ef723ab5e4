package import Cryptography
import Logging
import MariaDB
import OpenIDConnect

/// Signing in, confirming and linking by a provider's word.
///
/// A browser is sent away with a state that belongs to its sign-in or session, and what it comes back with is taken once:
///
///     begin ──▶ on its way ──▶ finish: taken ──▶ the provider is asked ──▶ signed in, linked, or refused
///                   └───────▶ its time is over, the provider was changed or switched off: nothing
package struct ExternalLoginFlows: Sendable {
    /// How long somebody may be away.
    private static let lifetime = Duration.seconds(900)

    let parts: CoreParts
    let signIn: SignInFlows

    var secrets: ProviderSecrets { ProviderSecrets(keyRing: parts.keyRing) }

    /// The providers that can be signed in with, for anybody.
    package func buttons(_ context: CallContext) async throws(FlowError) -> [ProviderButton] {
        try await parts.read(context) { try Self.enabled($0).map(\.button) }
    }

    /// The providers by whose word the person who asks can confirm his session.
    package func buttonsToConfirm(_ context: CallContext) async throws(FlowError) -> [ProviderButton] {
        let user = try context.requirePerson().userID
        return try await parts.read(context) { transaction in
            let linked = Set(try transaction.all(ListExternalLogins(user: user)).map(\.providerID))
            return try Self.enabled(transaction).filter { linked.contains($0.id) && $0.canConfirm }.map(\.button)
        }
    }

    /// Whether there is a provider to link a login at, or a login of the person who asks.
    package func areOfUse(_ context: CallContext) async throws(FlowError) -> Bool {
        let user = try context.requirePerson().userID
        return try await parts.read(context) { try $0.first(AreLoginsOfUse(user: user)) == true }
    }

    private static func enabled(_ transaction: Transaction) throws -> [ExternalProvider] {
        try transaction.all(ListProviders(after: .zero, limit: 100)).map(\.provider).filter(\.isEnabled)
    }

    /// Sends a browser away to sign in, or, with the handle of a step-up, to confirm its session; without a handle a
    /// sign-in begins.
    ///
    /// Throws `providers.off`, `flow_ended`, `step_not_due`, `.throttled`, and `.unavailable` when the provider does not
    /// answer.
    package func begin(
        _ name: String,
        handle: SecretBytes?,
        _ request: SignInRequest = SignInRequest(),
        redirectURI: String = "",
        _ context: CallContext
    ) async throws(FlowError) -> StartedExternal {
        try context.requireSignIn()
        let row = try await provider(name, context)
        let redirect = try self.redirectURI(redirectURI, row.provider)
        let metadata = try await metadata(of: row.provider)
        var started: StartedSignIn?
        if handle == nil { started = try await signIn.begin(request, context) }
        guard let handle = handle ?? started?.handle, let hash = TokenHash(of: handle, kind: .flowHandle) else {
            throw .flowEnded
        }
        let view = try await signIn.view(handle, context)
        guard view.reasons.isEmpty, !view.isConfirmation || row.provider.canConfirm else { throw .stepNotDue }
        let away = try await send(
            away: row.provider,
            metadata,
            redirect,
            handle: hash,
            session: nil,
            isConfirmation: view.isConfirmation,
            context
        )
        return StartedExternal(url: away.url, expiresAt: away.expiresAt, signIn: started)
    }

    /// Sends the browser of a session away to link a login; needs a fresh proof by the strongest factor (SECURITY OI-11).
    package func beginLink(
        _ name: String,
        redirectURI: String = "",
        _ context: CallContext
    ) async throws(FlowError) -> StartedExternal {
        let session = try context.requirePerson()
        let parts = parts
        try await parts.transaction(context) { try parts.requireStrongestProof(context, $0) }
        let row = try await provider(name, context)
        let redirect = try self.redirectURI(redirectURI, row.provider)
        let metadata = try await metadata(of: row.provider)
        let away = try await send(
            away: row.provider,
            metadata,
            redirect,
            handle: nil,
            session: session.id,
            isConfirmation: false,
            context
        )
        return StartedExternal(url: away.url, expiresAt: away.expiresAt, signIn: nil)
    }

    private func send(
        away provider: ExternalProvider,
        _ metadata: ProviderMetadata,
        _ redirectURI: String,
        handle: TokenHash?,
        session: SessionID?,
        isConfirmation: Bool,
        _ context: CallContext
    ) async throws(FlowError) -> (url: String, expiresAt: Timestamp) {
        let (state, hash) = TokenText.make(.externalState, random: parts.random)
        guard let stateText = state.validatedUTF8String() else { throw .flowEnded }
        let pkce = PKCE(random: parts.random)
        let nonce = Base64URL.encode(parts.random.bytes(32))
        let (parts, secrets) = (parts, secrets)
        let now = parts.clock.now()
        let expiresAt = now + Self.lifetime
        try await parts.transaction(context) { transaction in
            let pending = PendingExternal(
                providerID: provider.id,
                providerRevision: provider.revision,
                callerID: context.flowOwner,
                handle: handle,
                session: session,
                isConfirmation: isConfirmation,
                redirectURI: redirectURI,
                secrets: try secrets.seal(pkce.verifier, nonce: nonce, of: hash),
                createdAt: now,
                expiresAt: expiresAt
            )
            try transaction.execute(InsertExternalFlow(state: hash, pending: pending))
        }
        let request = AuthorizationRequest(
            state: stateText,
            nonce: nonce,
            challenge: pkce.challenge,
            redirectURI: redirectURI,
            demandsFreshAuthentication: isConfirmation
        )
        return (request.url(provider.settings, at: metadata.authorizationEndpoint), expiresAt)
    }

    /// A provider that is on; counts the look, since each one may ask the provider and write a row.
    private func provider(_ name: String, _ context: CallContext) async throws(FlowError) -> ProviderRow {
        let policy = parts.policy.throttling
        let subjects = ThrottleKeys(keyRing: parts.keyRing).sourceSubjects(
            context.source,
            label: "external",
            address: (.beginsOfSource, policy.beginsPerSource),
            prefix: (.beginsOfPrefix, policy.beginsPerPrefix)
        )
        let now = parts.clock.now()
        let store = ThrottleStore(policy: policy)
        let admission = try await parts.transaction(context) { try store.count(subjects, at: now, $0) }
        if case .blocked(_, let until) = admission {
            throw .throttled(retryAfter: until.map { max($0 - now, .zero) } ?? policy.forgiveness)
        }
        guard let row = try await parts.read(context, { try $0.first(ProviderByName(name: name)) }),
            row.provider.isEnabled
        else { throw .providerOff }
        return row
    }

    /// The site's own address, or one that the provider's settings list (SECURITY OI-14).
    private func redirectURI(_ wanted: String, _ provider: ExternalProvider) throws(FlowError) -> String {
        let own = provider.redirectURI(below: parts.policy.mail.siteURL)
        guard !wanted.isEmpty, wanted != own else { return own }
        guard provider.settings.redirectURIs.contains(where: { $0.utf8.elementsEqual(wanted.utf8) }) else {
            throw .invalid("redirect_uri", .fieldInvalid, "is not one of the provider's redirect_uris")
        }
        return wanted
    }

    private func metadata(of provider: ExternalProvider) async throws(FlowError) -> ProviderMetadata {
        do {
            return try await parts.providerDocuments.metadata(of: provider, client(provider), at: seconds)
        } catch {
            parts.logger.warning(
                "a provider cannot be used",
                metadata: ["provider": "\(provider.name)", "error": "\(error.code.rawValue)"]
            )
            throw .providerUnavailable(error)
        }
    }

    func client(_ provider: ExternalProvider) -> ProviderClient {
        ProviderClient(provider.settings, http: parts.http, random: parts.random)
    }

    var seconds: Int64 { parts.clock.now().secondsSinceEpoch }
}

extension ExternalProvider {
    /// Without a signed time of authentication nobody can tell that a proof is fresh.
    fileprivate var canConfirm: Bool { settings.kind == .openIDConnect }
}

extension Timestamp {
    /// Whole seconds since 1970, as tokens count.
    var secondsSinceEpoch: Int64 { microsecondsSinceEpoch / 1_000_000 }
}

extension FlowError {
    static func providerUnavailable(_ cause: OpenIDError) -> FlowError {
        FlowError(
            .unavailable(retryAfter: .seconds(60)),
            reason: .providerUnavailable,
            message: "the provider cannot be used now",
            cause: cause
        )
    }
}
