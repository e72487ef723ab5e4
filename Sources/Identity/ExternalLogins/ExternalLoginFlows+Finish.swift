package import Cryptography
import MariaDB
package import OpenIDConnect

extension ExternalLoginFlows {
    /// Takes what a browser came back with, asks the provider, and signs in or links.
    ///
    /// `name` is the provider whose address it came back to. What is wrong is an outcome, told to nobody in detail; the
    /// audit trail has the rule that was broken.
    package func finish(
        _ name: String,
        _ parameters: CallbackParameters,
        handle: SecretBytes?,
        _ context: CallContext
    ) async throws(FlowError) -> ExternalOutcome {
        if handle == nil, case .user = context.actor { try requireLinking(context) }
        guard let state = TokenHash(of: SecretBytes(utf8: parameters.state), kind: .externalState),
            let arrival = try await take(state, name, handle, context)
        else { return .refused(.over) }
        let person: ExternalPerson
        do throws(OpenIDError) {
            person = try await self.person(parameters, arrival, state)
        } catch {
            try await record(error, arrival, context)
            return .refused(error.isOutage ? .unavailable : error.code == .providerRefused ? .denied : .failed)
        }
        guard arrival.pending.session == nil else { return try await link(person, arrival, context) }
        guard let hash = arrival.pending.handle else { return .refused(.over) }
        return try await signIn.submitExternal(
            hash,
            ExternalProof(
                provider: arrival.row.provider,
                person: person,
                isFresh: arrival.pending.isConfirmation
            ),
            context
        )
    }

    /// Refuses sessions that may not link a login: what one asked for is not finished by another that only repairs the
    /// account (SECURITY RC-05).
    package func requireLinking(_ context: CallContext) throws(FlowError) { _ = try context.requirePerson() }

    /// A browser that is back, with the provider that it was sent to.
    struct Arrival: Sendable {
        let pending: PendingExternal
        let row: ProviderRow
    }

    /// Uses a state up, if it belongs to this provider, this caller and this browser; nil for all that it may not be.
    ///
    /// In another browser it stays good for its own (SECURITY OI-02), and a provider that was changed or switched off
    /// meanwhile ends it (OI-13).
    private func take(
        _ state: TokenHash,
        _ name: String,
        _ handle: SecretBytes?,
        _ context: CallContext
    ) async throws(FlowError) -> Arrival? {
        let holder = handle.flatMap { TokenHash(of: $0, kind: .flowHandle) }
        let (now, owner, session) = (parts.clock.now(), context.flowOwner, context.ownSession?.id)
        return try await parts.transaction(context) { transaction -> Arrival? in
            guard let pending = try transaction.first(LockExternalFlow(state: state)), pending.callerID == owner,
                pending.session.map({ $0 == session }) ?? (pending.handle == holder),
                let row = try transaction.first(ProviderByID(id: pending.providerID)), row.provider.name == name,
                try transaction.execute(DeleteExternalFlow(state: state)) == 1
            else { return nil }
            guard now < pending.expiresAt, row.provider.isEnabled, row.provider.revision == pending.providerRevision
            else { return nil }
            return Arrival(pending: pending, row: row)
        }
    }

    /// Who it is, by the provider's word.
    private func person(
        _ parameters: CallbackParameters,
        _ arrival: Arrival,
        _ state: TokenHash
    ) async throws(OpenIDError) -> ExternalPerson {
        let provider = arrival.row.provider
        let client = client(provider)
        let metadata = try await parts.providerDocuments.metadata(of: provider, client, at: seconds)
        try parameters.checkIssuer(provider.settings, metadata)
        guard let code = parameters.code else { throw OpenIDError(.providerRefused) }
        let opened: (verifier: SecretBytes, nonce: String)
        let credential: ClientCredential
        do {
            opened = try secrets.open(arrival.pending, of: state)
            credential = try secrets.credential(of: arrival.row)
        } catch { throw OpenIDError(.clientKeyUnfit) }
        let request = TokenRequest(
            code: code,
            verifier: opened.verifier,
            redirectURI: arrival.pending.redirectURI
        )
        let answer = try await client.exchange(request, metadata, credential: credential, now: seconds)
        guard provider.settings.kind == .openIDConnect else {
            return try await client.person(accessToken: answer.accessToken, metadata)
        }
        guard let text = answer.idToken else { throw OpenIDError(.tokenMissing) }
        let token = try JSONWebToken(text)
        let keys = try await parts.providerDocuments.keys(for: token, of: provider, client, metadata, at: seconds)
        let expectation = IDTokenExpectation(
            settings: provider.settings,
            nonce: opened.nonce,
            begunAt: arrival.pending.createdAt.secondsSinceEpoch,
            now: seconds,
            code: code,
            accessToken: answer.accessToken,
            demandsFreshAuthentication: arrival.pending.isConfirmation
        )
        try IDTokenRules.check(token, keys: keys, expectation)
        return try await client.person(token, accessToken: answer.accessToken, metadata)
    }

    private func record(
        _ error: OpenIDError,
        _ arrival: Arrival,
        _ context: CallContext
    ) async throws(FlowError) {
        let event = AuditEvent(
            .externalRefused,
            outcome: .failure,
            reason: .externalRefused,
            subjectUser: context.ownSession?.userID,
            subjectID: arrival.row.provider.id.bytes,
            details: ["provider": arrival.row.provider.name, "rule": error.code.rawValue]
        )
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { try audit.append(event, context, $0) }
    }
}

extension CallContext {
    /// The session of a person who acts.
    fileprivate var ownSession: Session? {
        if case .user(let session, _) = actor { session } else { nil }
    }
}
