import Cryptography
import MariaDB

/// Tells people of changes of their addresses, and keeps what takes a change back (SECURITY REC-04).
struct IdentifierNotices: Sendable {
    let parts: CoreParts
    let context: CallContext
    let now: Timestamp

    /// After an address was added: those proved before are told, and can undo it.
    func tellOfAddition(to user: UserID, others: [String], _ transaction: Transaction) throws {
        guard !others.isEmpty else { return }
        let undo = try keepUndo(of: nil, user, transaction)
        for address in others { try tell(address, .identifierAdded, undo, user, transaction) }
    }

    /// After an address took the place of another: that one is told and can undo it, the others are told.
    func tellOfReplacement(
        of removed: IdentifierUndo.Removed,
        of user: UserID,
        others: [String],
        _ transaction: Transaction
    ) throws {
        try tellOfLoss(removed, .identifierReplaced, user, others, transaction)
    }

    /// After a name was removed: it is told and can come back, the others are told.
    func tellOfRemoval(
        _ removed: IdentifierUndo.Removed,
        of user: UserID,
        others: [String],
        _ transaction: Transaction
    ) throws {
        let kind = removed.identifier.kind == .username ? AccountNotice.Kind.usernameChanged : .identifierRemoved
        try tellOfLoss(removed, kind, user, others, transaction)
    }

    private func tellOfLoss(
        _ removed: IdentifierUndo.Removed,
        _ kind: AccountNotice.Kind,
        _ user: UserID,
        _ others: [String],
        _ transaction: Transaction
    ) throws {
        let isTold = removed.identifier.kind == .email && removed.identifier.verifiedAt != nil
        if isTold {
            let undo = try keepUndo(of: removed, user, transaction)
            try tell(removed.identifier.value, kind, undo, user, transaction)
        }
        for address in others where !isTold || !address.utf8.elementsEqual(removed.identifier.value.utf8) {
            try tell(address, kind, nil, user, transaction)
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
        _ address: String,
        _ kind: AccountNotice.Kind,
        _ undo: SecretBytes?,
        _ user: UserID,
        _ transaction: Transaction
    ) throws {
        try NoticeWriter(parts: parts).tell(
            address,
            of: user,
            AccountNotice(kind, at: now, by: context),
            undo: undo,
            languages: context.languages,
            at: now,
            transaction
        )
    }
}
