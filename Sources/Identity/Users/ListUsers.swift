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
