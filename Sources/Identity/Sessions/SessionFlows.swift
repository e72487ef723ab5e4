package import Cryptography
import MariaDB

/// What can be asked of and done to sessions.
package struct SessionFlows: Sendable {
    let parts: CoreParts

    /// The live session of a token: one coalesced read, no write.
    ///
    /// `.unauthenticated` when it is unknown or ended, or its user is not active; `session_restricted` when it is for
    /// repairing the account only. Demands `sessions.validate` of a
    /// service account; nothing of the site and the server. An application's session is unknown to all but its own account.
    package func validate(token: SecretBytes, _ context: CallContext) async throws(FlowError) -> Session {
        if case .serviceAccount = context.actor { try context.require(.sessionsValidate) }
        let session = try await live(token, context)
        try await requireOwner(of: session, context.caller, context)
        guard !session.isRestricted else { throw .sessionRestricted }
        return session
    }

    /// The live session of a token, whoever asks, also one for repairing the account only; notes the use.
    package func live(_ token: SecretBytes, _ context: CallContext) async throws(FlowError) -> Session {
        guard let hash = TokenHash(of: token, kind: .session) else { throw .sessionInvalid }
        guard let row = try await parts.find(SessionByToken.self, hash, context) else { throw .sessionInvalid }
        let now = parts.clock.now()
        let isActive = row.state == .active || (row.state == .locked && row.lockedUntil.map { $0 <= now } ?? false)
        guard isActive, let session = row.session.live(at: now, lastUse: parts.lastUses.use(of: row.session.id)) else {
            throw .sessionInvalid
        }
        noteUse(of: session, at: now)
        return session
    }

    /// Noted when the last noted use is older than a minute, so that a busy session costs no lock either.
    private func noteUse(of session: Session, at now: Timestamp) {
        let policy = parts.policy.sessions
        guard now - session.lastUsedAt >= policy.lastUseAccuracy else { return }
        let idleEnd = min(now + policy.limits(session.level).idle, session.expiresAt)
        parts.lastUses.note(session.id, LastUses.SessionUse(usedAt: now, idleExpiresAt: idleEnd))
    }

    /// A page of the live sessions of a user, newest first.
    package func list(
        _ user: UserID,
        _ request: PageRequest,
        _ context: CallContext
    ) async throws(FlowError) -> Page<Session> {
        try context.requireAccess(to: user, .sessionsRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let before: SessionID =
            try tokens.position(request, list: "sessions", filter: user.bytes, caller: context) ?? .greatest
        let now = parts.clock.now()
        let parts = parts
        let sessions = try await parts.read(context) { transaction in
            try parts.requireAuthority(over: user, context, transaction)
            return try transaction.all(ListSessions(user: user, before: before, now: now, limit: limit + 1))
        }
        let current = sessions.map { $0.used(parts.lastUses.use(of: $0.id)) }
        return tokens.page(of: current, limit: limit, list: "sessions", filter: user.bytes, caller: context) {
            $0.id.bytes
        }
    }
}

extension Session {
    /// This session with a use that is not written yet.
    func used(_ use: LastUses.SessionUse?) -> Session {
        guard let use, use.usedAt > lastUsedAt else { return self }
        return Session(
            id: id,
            userID: userID,
            level: level,
            methods: methods,
            provedKind: provedKind,
            isRestricted: isRestricted,
            sourceAddress: sourceAddress,
            userAgent: userAgent,
            createdAt: createdAt,
            authenticatedAt: authenticatedAt,
            lastUsedAt: use.usedAt,
            idleExpiresAt: max(idleExpiresAt, use.idleExpiresAt),
            expiresAt: expiresAt,
            applicationID: applicationID
        )
    }

    /// This session if neither of its limits is reached, with its latest use on this node.
    func live(at now: Timestamp, lastUse: LastUses.SessionUse?) -> Session? {
        let session = used(lastUse)
        return now < session.idleExpiresAt && now < session.expiresAt ? session : nil
    }
}
