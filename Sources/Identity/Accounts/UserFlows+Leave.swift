package import Cryptography
import MariaDB

// A person's own deletion (PRODUCT section 2): after a fresh proof by the strongest factor, with the undo window that any
// deletion has. Nobody signs in meanwhile, so what takes it back is a link that was mailed to the proved addresses.
extension UserFlows {
    /// Marks the account of the person who calls for erasure, and ends all sessions, this one too.
    package func leave(_ context: CallContext) async throws(FlowError) -> User {
        let session = try context.requirePerson()
        return try await markForErasure(session.userID, context)
    }

    /// Whether a secret still takes a deletion back; looks, and uses nothing up.
    package func canUndelete(by token: SecretBytes, _ context: CallContext) async throws(FlowError) -> Bool {
        try context.requireSignIn()
        guard let token = DeletionUndoToken(token, parts.keyRing) else { return false }
        guard let row = try await parts.find(UserByID.self, token.user, context) else { return false }
        return row.user.isLeaving(by: token, at: parts.clock.now())
    }

    /// Takes one's own deletion back with the secret that was mailed: the account is what it was before.
    ///
    /// Throws `.notFound` for a secret that is none, or is over.
    package func undelete(by token: SecretBytes, _ context: CallContext) async throws(FlowError) {
        try context.requireSignIn()
        let parts = parts
        try await LinkTries(parts: parts).count(context)
        guard let token = DeletionUndoToken(token, parts.keyRing) else { throw .notFound }
        try await parts.transaction(context) { transaction in
            let now = parts.clock.now()
            guard var row = try transaction.first(LockUser(id: token.user)), row.user.isLeaving(by: token, at: now)
            else { throw FlowError.notFound }
            let readRevision = row.user.revision
            row.user.state = row.restoreState ?? .disabled
            row.restoreState = nil
            row.user.deleteAfter = nil
            row.user.stateChange = StateChange(by: context, at: now)
            row.user.revision += 1
            row.user.updatedAt = now
            try write(row, readRevision: readRevision, transaction)
            try AuditStore(parts: parts).append(
                AuditEvent(.userUndeleted, subjectUser: token.user),
                context,
                transaction
            )
            try NoticeWriter(parts: parts).tell(token.user, .accountUndeleted, context, at: now, transaction)
        }
        parts.outboxSignal.raise()
    }

    /// Tells a person that the deletion was asked for, with the link that takes it back.
    func tellOfLeaving(_ user: User, _ context: CallContext, at now: Timestamp, _ transaction: Transaction) throws {
        guard let end = user.deleteAfter else { return }
        let secret = DeletionUndoToken(user: user.id, deleteAfter: end).text(parts.keyRing)
        let writer = NoticeWriter(parts: parts)
        for recipient in try writer.recipients(of: user.id, transaction) {
            try writer.tell(
                recipient,
                of: user.id,
                AccountNotice(.accountLeft, at: now, by: context),
                undo: secret,
                languages: context.languages,
                at: now,
                transaction
            )
        }
    }
}

extension User {
    /// Whether this is the deletion that a secret takes back: the owner's own, and its window is open.
    fileprivate func isLeaving(by token: DeletionUndoToken, at now: Timestamp) -> Bool {
        guard state == .pendingDeletion, let deleteAfter, deleteAfter == token.deleteAfter, now < deleteAfter,
            stateChange?.actor == .user
        else { return false }
        return stateChange?.actorID == id.bytes
    }
}
