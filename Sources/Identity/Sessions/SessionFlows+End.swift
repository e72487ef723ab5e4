package import Cryptography
import MariaDB

extension SessionFlows {
    /// Ends one session at once on every node.
    ///
    /// Succeeds for a session that is over, and for a user's asking for another's.
    package func revoke(_ id: SessionID, _ context: CallContext) async throws(FlowError) {
        if case .user = context.actor {} else { try context.require(.sessionsWrite) }
        let audit = AuditStore(parts: parts)
        _ = try await parts.mutate(context) { transaction in
            guard let owner = try transaction.first(SessionOwner(session: id)) else { return Done() }
            if case .user(let own, _) = context.actor, own.userID != owner { return Done() }
            try transaction.execute(DeleteSession(session: id))
            try audit.append(AuditEvent(.sessionRevoked, subjectUser: owner, session: id), context, transaction)
            return Done()
        }
    }

    /// Ends all sessions of a user, or all but one; returns how many.
    package func revokeAll(
        of user: UserID,
        except kept: SessionID? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Int {
        try context.requireAccess(to: user, .sessionsWrite)
        let audit = AuditStore(parts: parts)
        return try await parts.mutate(context) { transaction in
            let ended =
                if let kept {
                    try transaction.execute(DeleteOtherSessions(user: user, kept: kept))
                } else {
                    try transaction.execute(DeleteSessionsOfUser(user: user))
                }
            guard ended > 0 else { return 0 }
            let event = AuditEvent(.sessionsRevoked, subjectUser: user, details: ["ended": "\(ended)"])
            try audit.append(event, context, transaction)
            return Int(clamping: ended)
        }
    }

    /// Ends the session of a token; whoever holds the token may.
    ///
    /// Signing out twice succeeds.
    package func signOut(token: SecretBytes, _ context: CallContext) async throws(FlowError) {
        guard let hash = TokenHash(of: token, kind: .session) else { return }
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { transaction in
            guard let row = try transaction.first(LockSessionByToken(hash: hash)) else { return }
            try transaction.execute(DeleteSession(session: row.id))
            let event = AuditEvent(.sessionSignedOut, subjectUser: row.user, session: row.id)
            try audit.append(event, context, transaction)
        }
    }
}
