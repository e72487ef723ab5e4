package import Cryptography
package import MariaDB

/// Makes and ends sessions in the caller's transaction.
package struct SessionStore: Sendable {
    let parts: CoreParts

    package init(parts: CoreParts) {
        self.parts = parts
    }

    /// Makes a session of an active user; the oldest end when there would be too many (SECURITY SE-10).
    ///
    /// The account's state is checked here again, on the locked row, because this is where every way to sign in ends
    /// (TH-06): throws `.failedPrecondition` with `userStateUnsuitable` when the user is not active or not there.
    /// `device` is the recognised device that it is begun on; `isRestricted` when it is for repairing the account. `events`
    /// gives what the audit trail is to hold beside the session's own event.
    package func create(
        for user: UserID,
        level: AssuranceLevel,
        methods: [String],
        provedKind: FactorKind = .address,
        isRestricted: Bool = false,
        device: DeviceID? = nil,
        at now: Timestamp,
        _ context: CallContext,
        _ transaction: Transaction,
        with events: (Session) -> [AuditEvent] = { _ in [] }
    ) throws -> (session: Session, token: SecretBytes) {
        guard let owner = try transaction.first(LockSessionOwner(user: user)), owner.isActive(at: now) else {
            throw FlowError.userStateUnsuitable
        }
        try makeRoom(for: user, having: owner.sessions, context, transaction)
        let limits = parts.policy.sessions.limits(level)
        let session = Session(
            id: SessionID.make(at: now, random: parts.random),
            userID: user,
            level: level,
            methods: methods,
            provedKind: provedKind,
            isRestricted: isRestricted,
            sourceAddress: context.source?.description,
            userAgent: Self.cleaned(context.userAgent),
            createdAt: now,
            authenticatedAt: now,
            lastUsedAt: now,
            idleExpiresAt: now + min(limits.idle, limits.absolute),
            expiresAt: now + limits.absolute
        )
        let (token, hash) = TokenText.make(.session, random: parts.random)
        try transaction.enqueue(InsertSession(session: session, tokenHash: hash, device: device))
        let event = AuditEvent(.sessionCreated, subjectUser: user, session: session.id)
        try AuditStore(parts: parts).append([event] + events(session), context, transaction)
        return (session, token)
    }

    /// Notes a new proof of identity in a session, under a new token; the old one is void (SECURITY SE-03).
    ///
    /// The session reaches the higher of its old level and the one proved, within its old end of life. nil when it is
    /// not this user's, or over.
    func confirm(
        _ id: SessionID,
        of user: UserID,
        level: AssuranceLevel,
        methods: [String],
        provedKind: FactorKind,
        at now: Timestamp,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws -> (session: Session, token: SecretBytes)? {
        guard let old = try transaction.first(LockSession(session: id)), old.userID == user, old.applicationID == nil,
            old.live(at: now, lastUse: parts.lastUses.use(of: id)) != nil
        else { return nil }
        let level = max(old.level, level)
        let limits = parts.policy.sessions.limits(level)
        let end = min(old.expiresAt, now + limits.absolute)
        let session = Session(
            id: id,
            userID: user,
            level: level,
            methods: Set(old.methods + methods).sorted(),
            provedKind: provedKind,
            isRestricted: old.isRestricted,
            sourceAddress: old.sourceAddress,
            userAgent: old.userAgent,
            createdAt: old.createdAt,
            authenticatedAt: now,
            lastUsedAt: now,
            idleExpiresAt: min(now + limits.idle, end),
            expiresAt: end
        )
        let (token, hash) = TokenText.make(.session, random: parts.random)
        try transaction.enqueue(UpdateConfirmedSession(session: session, tokenHash: hash))
        try transaction.enqueue(ShortenDerivedSessions(parent: id, end: end))
        let event = AuditEvent(.sessionConfirmed, subjectUser: user, session: id)
        try AuditStore(parts: parts).append(event, context, transaction)
        return (session, token)
    }

    /// Ends the oldest sessions of a user's own when one more would be too many, and with them those of applications that
    /// came of them (SECURITY SE-06).
    private func makeRoom(
        for user: UserID,
        having count: Int,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        let maximum = Int(max(1, parts.policy.sessions.maximumPerUser))
        guard count >= maximum else { return }
        let tooMany = count - maximum + 1
        var ended: UInt64 = 0
        for oldest in try transaction.all(LockOldestSessions(user: user, count: tooMany)) {
            ended += try transaction.execute(DeleteDerivedSessions(parent: oldest))
            ended += try transaction.execute(DeleteSession(session: oldest))
        }
        let event = AuditEvent(.sessionReplaced, subjectUser: user, details: ["ended": "\(ended)"])
        try AuditStore(parts: parts).append(event, context, transaction)
    }

    /// At most 512 characters, controls and invisible ones replaced, because people will see it in a list.
    private static func cleaned(_ userAgent: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in userAgent.unicodeScalars.prefix(512) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: text.append("?")
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}

extension FlowError {
    static let userStateUnsuitable = FlowError(
        .failedPrecondition,
        reason: .userStateUnsuitable,
        message: "the user's state does not allow this"
    )
}
