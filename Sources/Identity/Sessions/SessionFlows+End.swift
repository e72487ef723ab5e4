package import Cryptography
import MariaDB

extension SessionFlows {
    /// Ends one session at once on every node, and, unless it is the one that is called with, forgets the device it was
    /// begun on.
    ///
    /// Succeeds for a session that is over, and for a user's asking for another's. A user needs a fresh proof of
    /// identity to end any session but the one he calls with (SECURITY SE-09).
    package func revoke(_ id: SessionID, _ context: CallContext) async throws(FlowError) {
        var isOwn = false
        if case .user(let own, _) = context.actor {
            isOwn = own.id == id
            guard isOwn || !own.isRestricted else { throw .sessionRestricted }
            if !isOwn { try await CallerFlows(parts: parts).requireFreshProof(context) }
        } else {
            try context.require(.sessionsWrite)
        }
        let keepsDevice = isOwn
        let (parts, audit) = (parts, AuditStore(parts: parts))
        _ = try await parts.mutate(context) { transaction in
            guard let owner = try transaction.first(SessionOwner(session: id)) else { return Done() }
            if case .user(let own, _) = context.actor, own.userID != owner { return Done() }
            try parts.requireAuthority(over: owner, context, transaction)
            // A stolen session must not make its owner's device a stranger's.
            if !keepsDevice { try transaction.execute(DeleteDeviceOfSession(session: id)) }
            try transaction.enqueue(DeleteDerivedSessions(parent: id))
            try transaction.enqueue(DeleteSession(session: id))
            try audit.append(AuditEvent(.sessionRevoked, subjectUser: owner, session: id), context, transaction)
            return Done()
        }
    }

    /// Ends all sessions of a user, or all but one, and forgets the devices; returns how many sessions.
    ///
    /// A user needs a fresh proof of identity (SECURITY SE-09).
    package func revokeAll(
        of user: UserID,
        except kept: SessionID? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Int {
        try context.requireAccess(to: user, .sessionsWrite)
        try await CallerFlows(parts: parts).requireFreshProof(context)
        let (parts, audit) = (parts, AuditStore(parts: parts))
        return try await parts.mutate(context) { transaction in
            try parts.requireAuthority(over: user, context, transaction)
            let ended = try Self.end(user, except: kept, transaction)
            guard ended.sessions > 0 || ended.devices > 0 else { return 0 }
            let details = ["ended": "\(ended.sessions)", "devices_forgotten": "\(ended.devices)"]
            let event = AuditEvent(.sessionsRevoked, subjectUser: user, details: details)
            try audit.append(event, context, transaction)
            return Int(clamping: ended.sessions)
        }
    }

    /// Deletes the sessions and devices of a user, those of one session apart.
    static func end(
        _ user: UserID,
        except kept: SessionID?,
        _ transaction: Transaction
    ) throws -> (sessions: UInt64, devices: UInt64) {
        guard let kept else {
            let devices = try transaction.execute(DeleteDevicesOfUser(user: user))
            return (try transaction.execute(DeleteSessionsOfUser(user: user)), devices)
        }
        let devices = try transaction.execute(DeleteOtherDevices(user: user, kept: kept))
        return (try transaction.execute(DeleteOtherSessions(user: user, kept: kept)), devices)
    }

    /// Ends the session of a token, and those of applications that came of it; whoever holds the token may.
    ///
    /// Signing out twice succeeds. Where the same user signed in anew in its place, the applications' sessions go on under
    /// the `successor`.
    package func signOut(
        token: SecretBytes,
        successor: Session? = nil,
        _ context: CallContext
    ) async throws(FlowError) {
        guard let hash = TokenHash(of: token, kind: .session) else { return }
        let audit = AuditStore(parts: parts)
        try await parts.transaction(context) { transaction in
            guard let row = try transaction.first(LockSessionByToken(hash: hash)) else { return }
            if let successor, successor.userID == row.user {
                try transaction.enqueue(MoveDerivedSessions(from: row.id, to: successor.id))
                // Which may end before the one they came of would have (SECURITY SE-06).
                try transaction.enqueue(ShortenDerivedSessions(parent: successor.id, end: successor.expiresAt))
            }
            try transaction.enqueue(DeleteDerivedSessions(parent: row.id))
            try transaction.enqueue(DeleteSession(session: row.id))
            let event = AuditEvent(.sessionSignedOut, subjectUser: row.user, session: row.id)
            try audit.append(event, context, transaction)
        }
    }
}
