import Cryptography
import MariaDB

extension SessionStore {
    /// Makes a session for an application of the person's own session that a ticket was made of; nil when that is over, or is
    /// not enough for the application, any more or as its back end wants it.
    ///
    /// It says of the person what that session says, is as old, and ends no later. Whoever has it proves nothing anew with it
    /// (SECURITY SU-03).
    func derive(
        _ ticket: StoredTicket,
        for application: Application,
        _ redemption: TicketFlows.Redemption,
        at now: Timestamp,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> (session: Session, token: SecretBytes)? {
        guard let owner = try transaction.first(LockSessionOwner(user: ticket.userID)), owner.isActive(at: now),
            let parent = try transaction.first(LockSession(session: ticket.sessionID)),
            parent.userID == ticket.userID,
            parent.live(at: now, lastUse: parts.lastUses.use(of: parent.id)) != nil,
            parent.isHandedOver(under: max(application.demand, redemption.demand)),
            redemption.isYoungEnough(parent, at: now)
        else { return nil }
        try makeRoom(under: parent.id, for: application.id, transaction)
        let session = Session(
            id: parts.makeID(),
            userID: parent.userID,
            level: parent.level,
            methods: parent.methods,
            provedKind: parent.provedKind,
            isRestricted: false,
            sourceAddress: parent.sourceAddress,
            userAgent: parent.userAgent,
            createdAt: parent.createdAt,
            authenticatedAt: parent.authenticatedAt,
            lastUsedAt: now,
            idleExpiresAt: min(now + parts.policy.sessions.limits(parent.level).idle, parent.expiresAt),
            expiresAt: parent.expiresAt,
            applicationID: application.id
        )
        let (token, hash) = TokenText.make(.session, random: parts.random)
        try transaction.execute(InsertSession(session: session, tokenHash: hash, device: nil, parent: parent.id))
        let event = AuditEvent(.sessionCreated, subjectUser: session.userID, session: session.id)
        try AuditStore(parts: parts).append(event, context, transaction)
        return (session, token)
    }

    /// Ends the oldest sessions of an application under one session when one more would be too many.
    ///
    /// They have a limit of their own: hand-overs in one browser must not end the person's sessions in others.
    private func makeRoom(
        under parent: SessionID,
        for application: ApplicationID,
        _ transaction: Transaction
    ) throws {
        let maximum = Int(max(1, parts.policy.sessions.maximumPerApplication))
        let count = try transaction.first(CountDerivedSessions(parent: parent, application: application)) ?? 0
        guard count >= maximum else { return }
        let tooMany = count - maximum + 1
        try transaction.execute(
            DeleteOldestDerivedSessions(parent: parent, application: application, count: tooMany)
        )
    }
}

extension TicketFlows.Redemption {
    /// Whether the last proof is as young as is wanted, when it has had the time that a ticket may take.
    fileprivate func isYoungEnough(_ session: Session, at now: Timestamp) -> Bool {
        guard let maximumAge else { return true }
        let age = now - session.authenticatedAt
        return age >= .zero && age <= maximumAge + TicketFlows.lifetime
    }
}

extension SessionFlows {
    /// Refuses the session of an application to everybody but the service account that redeems for it.
    ///
    /// Otherwise an application could be its users elsewhere: on the site with the session as a cookie, or at another
    /// service that believes every session.
    func requireOwner(
        of session: Session,
        _ caller: Caller?,
        _ context: CallContext
    ) async throws(FlowError) {
        guard let id = session.applicationID else { return }
        guard let caller, let application = try await parts.find(ApplicationByID.self, id, context),
            application.serviceAccountID == caller.id
        else { throw .sessionInvalid }
    }
}

extension CallContext {
    /// The service account that calls, for itself or with a person's session.
    var caller: Caller? {
        switch actor {
        case .serviceAccount(let caller): caller
        case .user(_, let via): via
        case .anonymous, .system: nil
        }
    }
}

extension FlowError {
    /// An application acts for its user; it does not change how he signs in.
    static let sessionOfApplication = FlowError(
        .permissionDenied,
        reason: .sessionOfApplication,
        message: "the session of an application proves nothing anew; lead the user to the site"
    )
}
