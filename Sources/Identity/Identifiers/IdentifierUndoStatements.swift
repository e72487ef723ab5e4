import MariaDB

/// A change of addresses that can be taken back.
struct IdentifierUndo: Sendable {
    /// A name that was removed, as it comes back.
    struct Removed: Sendable, Hashable {
        let identifier: UserIdentifier
        let canonical: [UInt8]
    }

    let id: IdentifierUndoID
    let userID: UserID
    let removed: Removed?
    let changedAt: Timestamp
    let expiresAt: Timestamp
}

/// Keeps a change that can be taken back.
struct InsertUndo: Statement {
    static let sql: SQL = """
        INSERT INTO identifier_undos (id, user_id, token_hash, removed_id, removed_kind, removed_value, removed_canonical,
            removed_verified_at, removed_is_primary, changed_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let undo: IdentifierUndo
    let token: TokenHash

    func bind(to parameters: inout Parameters) {
        let removed = undo.removed
        parameters.append(undo.id)
        parameters.append(undo.userID)
        parameters.append(token)
        parameters.append(removed?.identifier.id)
        parameters.append(removed?.identifier.kind)
        parameters.append(removed?.identifier.value)
        parameters.append(removed?.canonical)
        parameters.append(removed?.identifier.verifiedAt)
        parameters.append(removed?.identifier.isPrimary ?? false)
        parameters.append(undo.changedAt)
        parameters.append(undo.expiresAt)
    }
}

/// The change that a secret takes back.
struct FindUndo: Statement {
    static let select: SQL = """
        SELECT id, user_id, removed_id, removed_kind, removed_value, removed_canonical, removed_verified_at,
            removed_is_primary, changed_at, expires_at FROM identifier_undos

        """
    static let sql: SQL = select + "WHERE token_hash = ?"

    let token: TokenHash

    func bind(to parameters: inout Parameters) { parameters.append(token) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> IdentifierUndo {
        let (id, user) = (try columns.next(IdentifierUndoID.self), try columns.next(UserID.self))
        let (removedID, kind) = (
            try columns.nextOptional(IdentifierID.self), try columns.nextOptional(IdentifierKind.self)
        )
        let value = try columns.nextOptional(String.self)
        let canonical = try columns.nextOptional([UInt8].self)
        let verifiedAt = try columns.nextOptional(Timestamp.self)
        let isPrimary = try columns.next(Bool.self)
        var removed: IdentifierUndo.Removed?
        if let removedID, let kind, let value, let canonical {
            let identifier = UserIdentifier(
                id: removedID,
                kind: kind,
                value: value,
                verifiedAt: verifiedAt,
                isPrimary: isPrimary
            )
            removed = IdentifierUndo.Removed(identifier: identifier, canonical: canonical)
        }
        return IdentifierUndo(
            id: id,
            userID: user,
            removed: removed,
            changedAt: try columns.next(),
            expiresAt: try columns.next()
        )
    }
}

/// The changes of a user since a time, oldest first.
struct UndosSince: Statement {
    static let sql: SQL = FindUndo.select + "WHERE user_id = ? AND changed_at >= ? ORDER BY changed_at"

    let user: UserID
    let since: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(since)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> IdentifierUndo {
        try FindUndo.row(from: &columns)
    }
}

/// Uses a secret up; changes no row when somebody did, or it ran out.
struct UseUndo: Statement {
    static let sql: SQL = "DELETE FROM identifier_undos WHERE id = ? AND expires_at > ?"

    let id: IdentifierUndoID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(now)
    }
}

/// Forgets the secrets of what was changed since a time: whoever made those changes holds them.
struct DeleteUndosSince: Statement {
    static let sql: SQL = "DELETE FROM identifier_undos WHERE user_id = ? AND changed_at >= ?"

    let user: UserID
    let since: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(since)
    }
}
