import Cryptography
import MariaDB

/// Tells people of changes of their addresses, and keeps what takes a change back (SECURITY REC-04).
struct IdentifierNotices: Sendable {
    let parts: CoreParts
    let context: CallContext
    let now: Timestamp

    /// After an address was added: those proved before are told, and can undo it.
    func tellOfAddition(to user: UserID, others: [NoticeRecipient], _ transaction: Transaction) throws {
        guard !others.isEmpty else { return }
        let undo = try keepUndo(of: nil, user, transaction)
        for other in others { try tell(other, .identifierAdded, undo, user, transaction) }
    }

    /// After an address took the place of another: that one is told, the others are told, and it can be undone.
    func tellOfReplacement(
        of removed: IdentifierUndo.Removed,
        of user: UserID,
        others: [NoticeRecipient],
        _ transaction: Transaction
    ) throws {
        try tellOfLoss(removed, .identifierReplaced, user, others, transaction)
    }

    /// After a name was removed: it is told, the others are told, and an address can come back.
    func tellOfRemoval(
        _ removed: IdentifierUndo.Removed,
        of user: UserID,
        others: [NoticeRecipient],
        _ transaction: Transaction
    ) throws {
        let kind = removed.identifier.kind == .username ? AccountNotice.Kind.usernameChanged : .identifierRemoved
        try tellOfLoss(removed, kind, user, others, transaction)
    }

    private func tellOfLoss(
        _ removed: IdentifierUndo.Removed,
        _ kind: AccountNotice.Kind,
        _ user: UserID,
        _ others: [NoticeRecipient],
        _ transaction: Transaction
    ) throws {
        guard let lost = NoticeRecipient(removed.identifier) else {
            let notice = AccountNotice(kind, at: now, by: context)
            let writer = NoticeWriter(parts: parts)
            return try writer.tell(others, of: user, notice, languages: context.languages, at: now, transaction)
        }
        let undo = try keepUndo(of: removed, user, transaction)
        // An address that is gone can call itself back. A telephone is lost and stolen more easily than a mailbox, and a link
        // costs more there: it is told, and whoever reads the account's mail can call it back.
        let undoers = lost.isMail ? [] : others.filter(\.isMail)
        try tell(lost, kind, undoers.isEmpty ? undo : nil, user, transaction)
        for other in others where other != lost {
            try tell(other, kind, undoers.contains(other) ? undo : nil, user, transaction)
        }
    }

    private func keepUndo(
        of removed: IdentifierUndo.Removed?,
        _ user: UserID,
        _ transaction: Transaction
    ) throws -> SecretBytes {
        let (token, hash) = TokenText.make(.undo, random: parts.random)
        let undo = IdentifierUndo(
            id: parts.makeID(),
            userID: user,
            removed: removed,
            changedAt: now,
            expiresAt: now + parts.policy.identifierUndoWindow
        )
        try transaction.execute(InsertUndo(undo: undo, token: hash))
        return token
    }

    private func tell(
        _ recipient: NoticeRecipient,
        _ kind: AccountNotice.Kind,
        _ undo: SecretBytes?,
        _ user: UserID,
        _ transaction: Transaction
    ) throws {
        try NoticeWriter(parts: parts).tell(
            recipient,
            of: user,
            AccountNotice(kind, at: now, by: context),
            undo: undo,
            languages: context.languages,
            at: now,
            transaction
        )
    }
}
