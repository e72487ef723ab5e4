import MariaDB

/// A page of all users, in the order of their creation.
struct ListUsers: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.id > ? ORDER BY u.id LIMIT ?"

    let after: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// A page of the users whose stored state is this one, in the order of their creation.
struct ListUsersInState: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.state = ? AND u.id > ? ORDER BY u.id LIMIT ?"

    let state: UserState
    let after: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(state)
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// A page of the users whose lock holds, in the order of their creation.
struct ListLockedUsers: Statement {
    static let sql: SQL =
        UserRow.select + """
            FROM users u WHERE u.state = 3 AND u.id > ? AND (u.locked_until IS NULL OR u.locked_until > ?)
            ORDER BY u.id LIMIT ?
            """

    let after: UserID
    let now: Timestamp
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// A page of the users whose lock ran out, in the order of their creation.
struct ListUsersPastLock: Statement {
    static let sql: SQL =
        UserRow.select + "FROM users u WHERE u.state = 3 AND u.id > ? AND u.locked_until <= ? ORDER BY u.id LIMIT ?"

    let after: UserID
    let now: Timestamp
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(now)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}
