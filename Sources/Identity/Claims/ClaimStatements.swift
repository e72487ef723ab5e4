import MariaDB

/// The names of the roles that a user has, by himself and through groups at any depth; some more than once.
struct RoleNamesOfUser: Statement {
    static let sql: SQL = """
        SELECT r.name FROM user_roles a JOIN roles r ON r.id = a.role_id
        WHERE a.user_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?)
        UNION ALL
        SELECT r.name FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
        JOIN group_roles a ON a.group_id = c.ancestor_id JOIN roles r ON r.id = a.role_id
        WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
            AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(now)
        parameters.append(user)
        parameters.append(now)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}

/// The names of the groups that a user is in, at any depth; some more than once.
struct GroupNamesOfUser: Statement {
    static let sql: SQL = """
        SELECT g.name FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
        JOIN user_groups g ON g.id = c.ancestor_id
        WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
        """

    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}
