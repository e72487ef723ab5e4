import MariaDB

/// Ends all sessions of a user.
struct DeleteSessionsOfUser: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Voids the codes of all sign-ins under way of a user.
struct DeleteCodesOfUser: Statement {
    static let sql: SQL = """
        DELETE c FROM one_time_codes c JOIN sign_in_flows f ON f.id = c.flow_id WHERE f.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Ends all sign-ins under way of a user.
struct DeleteFlowsOfUser: Statement {
    static let sql: SQL = "DELETE FROM sign_in_flows WHERE user_id = ?"
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
