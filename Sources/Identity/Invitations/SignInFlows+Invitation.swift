package import Cryptography
import MariaDB

extension SignInFlows {
    /// Whether the link of an invitation is still good; looks, and uses nothing up.
    package func canAcceptInvitation(_ token: SecretBytes, _ context: CallContext) async throws(FlowError) -> Bool {
        try context.requireSignIn()
        guard let hash = TokenHash(of: token, kind: .invitation) else { return false }
        let now = parts.clock.now()
        let engine = engine
        return try await parts.read(context) { try engine.openInvitation(hash, at: now, $0) != nil }
    }

    /// Accepts an invitation: whoever has its link has the address it was sent to, and becomes a user with it.
    ///
    /// Once, by the rules of every sign-in; refused like a code that is wrong when the link is over.
    package func acceptInvitation(
        _ token: SecretBytes,
        returnTarget: String = "",
        _ context: CallContext
    ) async throws(FlowError) -> SignInOutcome {
        try context.requireSignIn()
        guard returnTarget.unicodeScalars.count <= 1000 else {
            throw .invalid("return_target", .fieldTooLong, "at most 1000 characters")
        }
        do {
            try await LinkTries(parts: parts).count(context)
        } catch {
            guard case .throttled(let wait) = error.code else { throw error }
            return .refused(.throttled(retryAfter: wait))
        }
        guard let hash = TokenHash(of: token, kind: .invitation) else { return .refused(.ended) }
        let now = parts.clock.now()
        let (engine, id) = (engine, FlowID.make(at: now, random: parts.random))
        // Nobody holds this handle: the flow is over with the transaction.
        let handle = TokenText.make(.flowHandle, random: parts.random).hash
        do {
            let verdict = try await parts.transaction(context) { transaction in
                try engine.accept(hash, id, handle, returnTarget, context, at: now, transaction)
            }
            parts.outboxSignal.raise()
            return outcome(of: verdict)
        } catch  where error.cause is RegistrationRace {
            return .refused(.ended)
        }
    }
}

extension SignInEngine {
    /// The invitation of a link, if it is good: open, and its inviter still is who may invite (SECURITY SE-07).
    func openInvitation(_ token: TokenHash, at now: Timestamp, _ transaction: Transaction) throws -> InvitationRow? {
        guard parts.policy.selfRegistration.admitsInvited,
            let row = try transaction.first(InvitationByToken(token: token)), row.invitation.state(at: now) == .open,
            try isInviterGood(row.invitation, transaction)
        else { return nil }
        return row
    }

    /// The open invitation to an address, if its inviter still is who may invite.
    func openInvitation(
        to canonical: [UInt8],
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Invitation? {
        guard parts.policy.selfRegistration.admitsInvited,
            let row = try transaction.first(OpenInvitation(canonical: canonical, now: now)),
            try isInviterGood(row.invitation, transaction)
        else { return nil }
        return row.invitation
    }

    private func isInviterGood(_ invitation: Invitation, _ transaction: Transaction) throws -> Bool {
        guard invitation.inviter == .serviceAccount else { return true }
        guard let id = invitation.inviterID.flatMap(ServiceAccountID.init(bytes:)) else { return false }
        return try transaction.first(ServiceAccountByID(id: id)).map { !$0.isDisabled } ?? false
    }

    /// Uses an invitation up for who came of it; when it was revoked meanwhile, the step is run again without it.
    func use(
        _ invitation: Invitation,
        for user: UserID,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard try transaction.execute(AcceptInvitation(id: invitation.id, user: user, now: now)) == 1 else {
            throw RegistrationRace()
        }
        let event = AuditEvent(.invitationAccepted, subjectUser: user, subjectID: invitation.id.bytes)
        try audit.append(event, context, transaction)
    }

    /// A flow that begins with its proof: the secret was sent to the address, and nowhere else.
    ///
    /// It makes a user and lets nobody else in: a link that is good for days is no way to sign in.
    func accept(
        _ token: TokenHash,
        _ id: FlowID,
        _ handle: TokenHash,
        _ returnTarget: String,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        guard let row = try openInvitation(token, at: now, transaction),
            try transaction.first(LockOwner(kind: .email, canonical: row.canonical)) == nil
        else { return .refused(.ended) }
        let identifier = SignInFlow.Identifier(kind: .email, value: row.invitation.email, canonical: row.canonical)
        var flow = SignInFlow(
            id: id,
            callerID: context.flowOwner,
            phase: .identifying,
            identifier: identifier,
            demand: .nothing,
            factors: [],
            returnTarget: returnTarget,
            languages: context.languages.prefix(scalars: 200),
            expiresAt: now + parts.policy.flowLifetime,
            client: SignInFlow.Client(source: context.source, userAgent: context.userAgent.prefix(scalars: 512))
        )
        try flow.follow(.identify)
        try flow.follow(.prove)
        flow.factors = [Factor(method: .emailCode, kind: .address, provedAt: now)]
        try flows.insert(flow, handle: handle, at: now, transaction)
        let identity = SignInIdentity(kind: .email, value: identifier.value, canonical: row.canonical, owner: nil)
        return try decide(&flow, identity, 0, context, at: now, transaction)
    }
}

extension SelfRegistration {
    /// Whether an invitation makes a user; when registration is closed, nothing does.
    var admitsInvited: Bool { self != .closed }
}
