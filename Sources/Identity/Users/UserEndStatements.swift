import MariaDB

/// Ends all sessions of a user.
struct DeleteSessionsOfUser: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Removes the sign-ins that ended in a session of a user, with their codes.
struct DeleteFlowsOfUser: Statement {
    static let sql: SQL = """
        DELETE f, c FROM sign_in_flows f LEFT JOIN one_time_codes c ON c.flow_id = f.id WHERE f.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Ends the sign-ins under way for any name of a user, with their codes.
///
/// Until its end a flow knows a name and no user: whose name it is shows then.
struct DeleteFlowsForNamesOfUser: Statement {
    static let sql: SQL = """
        DELETE f, c FROM user_identifiers i
        JOIN sign_in_flows f ON f.identifier_canonical = i.canonical AND f.identifier_kind = i.kind
        LEFT JOIN one_time_codes c ON c.flow_id = f.id WHERE i.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Empties the kept answers that tell of a user; their keys stay taken until they run out.
///
/// The hash of the request goes too, because a short request could be guessed from it.
struct ForgetAnswersAboutUser: Statement {
    static let sql: SQL = "UPDATE idempotency_keys SET answer = '', body_hash = REPEAT('\\0', 32) WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Forgets how often a user was tried.
struct DeleteThrottlesOfUser: Statement {
    static let sql: SQL = "DELETE FROM throttles WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Drops the messages to a user, sent or not.
struct DeleteMessagesOfUser: Statement {
    static let sql: SQL = "DELETE FROM outbox WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Removes a user; names and sessions go with the row.
struct DeleteUserRow: Statement {
    static let sql: SQL = "DELETE FROM users WHERE id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Users whose undo window is over.
struct UsersPastDeletion: Statement {
    static let sql: SQL = "SELECT id FROM users WHERE delete_after <= ? ORDER BY delete_after LIMIT 100"
    let now: Timestamp
    func bind(to parameters: inout Parameters) { parameters.append(now) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}
