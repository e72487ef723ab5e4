import MariaDB

/// Adds a user without names.
struct InsertUser: Statement {
    static let sql: SQL = """
        INSERT INTO users (id, state, state_reason, external_id, revision, created_at, updated_at)
        VALUES (?, ?, '', ?, ?, ?, ?)
        """

    let user: User
    let externalID: ExternalID?

    func bind(to parameters: inout Parameters) {
        parameters.append(user.id)
        parameters.append(user.state)
        parameters.append(externalID)
        parameters.append(user.revision)
        parameters.append(user.createdAt)
        parameters.append(user.updatedAt)
    }
}

/// Gives a user a name; a duplicate key when another has it.
struct InsertIdentifier: Statement {
    static let sql: SQL = """
        INSERT INTO user_identifiers (id, user_id, kind, value, canonical, verified_at, is_primary, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    let identifier: UserIdentifier
    let user: UserID
    let canonical: [UInt8]
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(identifier.id)
        parameters.append(user)
        parameters.append(identifier.kind)
        parameters.append(identifier.value)
        parameters.append(canonical)
        parameters.append(identifier.verifiedAt)
        parameters.append(identifier.isPrimary)
        parameters.append(now)
    }
}

/// Writes what can change of a user, if nobody did since `readRevision`.
struct UpdateUser: Statement {
    static let sql: SQL = """
        UPDATE users SET state = ?, state_reason = ?, state_actor_kind = ?, state_actor_id = ?, state_changed_at = ?,
            locked_until = ?, delete_after = ?, restore_state = ?, external_id = ?, revision = ?, updated_at = ?
        WHERE id = ? AND revision = ?
        """

    let row: UserRow
    let externalID: ExternalID?
    let readRevision: UInt64

    func bind(to parameters: inout Parameters) {
        let user = row.user
        parameters.append(user.state)
        parameters.append(user.stateReason)
        parameters.append(user.stateChange?.actor.rawValue)
        parameters.append(user.stateChange?.actorID)
        parameters.append(user.stateChange?.changedAt)
        parameters.append(user.lockedUntil)
        parameters.append(user.deleteAfter)
        parameters.append(row.restoreState)
        parameters.append(externalID)
        parameters.append(user.revision)
        parameters.append(user.updatedAt)
        parameters.append(user.id)
        parameters.append(readRevision)
    }
}

/// Notes that a name was proved; changes no row when it was proved before.
struct VerifyIdentifier: Statement {
    static let sql: SQL =
        "UPDATE user_identifiers SET verified_at = ? WHERE id = ? AND user_id = ? AND verified_at IS NULL"

    let id: IdentifierID
    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(id)
        parameters.append(user)
    }
}

/// Counts a change of what belongs to a user.
struct BumpUserRevision: Statement {
    static let sql: SQL = "UPDATE users SET revision = revision + 1, updated_at = ? WHERE id = ?"

    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(user)
    }
}
