import MariaDB

// Roles and groups: the target of a merge gets those that it has not; where both have one, its own terms stand. What is over
// for the target it has not, though its row may wait to be purged. Whoever merges took the guard of membership.
extension AccountPart {
    static let roles = AccountPart(
        name: "roles",
        tables: ["user_roles"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            let over = DeleteEndedAssignments<AssignmentKinds.RoleOfUser>(holder: target, now: merge.now)
            try transaction.execute(over)
            try transaction.execute(MoveUserRoles(source: source, target: target))
        },
        export: { user, transaction in
            .list(try transaction.all(ExportUserRoles(user: user)).map(\.exported))
        }
    )

    static let groups = AccountPart(
        name: "groups",
        tables: ["group_members"],
        move: { merge, transaction in
            let (source, target) = (merge.source.id, merge.target.id)
            let over = DeleteEndedAssignments<AssignmentKinds.MemberOfGroup>(holder: target, now: merge.now)
            try transaction.execute(over)
            try transaction.execute(MoveGroupMembers(source: source, target: target))
        },
        export: { user, transaction in
            .list(try transaction.all(ExportUserGroups(user: user)).map(\.exported))
        }
    )
}

/// Gives the roles of one user to another who has them not.
struct MoveUserRoles: MoveStatement {
    static let sql: SQL = "UPDATE IGNORE user_roles SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}

/// Puts one user into the groups of another that he is not in.
struct MoveGroupMembers: MoveStatement {
    static let sql: SQL = "UPDATE IGNORE group_members SET user_id = ? WHERE user_id = ?"

    let source: UserID
    let target: UserID
}

/// A role or group of a user, for an export.
struct ExportedMembership: Sendable {
    let name: String
    let assignedAt: Timestamp
    let expiresAt: Timestamp?

    init(from columns: inout Columns) throws(DatabaseError) {
        name = try columns.next()
        assignedAt = try columns.next()
        expiresAt = try columns.nextOptional()
    }

    var exported: ExportValue {
        .object(["name": .text(name), "givenAt": .time(assignedAt), "expiresAt": .time(expiresAt)])
    }
}

/// The roles that were given to a user.
struct ExportUserRoles: Statement {
    static let sql: SQL = """
        SELECT r.name, a.assigned_at, a.expires_at FROM user_roles a JOIN roles r ON r.id = a.role_id WHERE a.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ExportedMembership {
        try ExportedMembership(from: &columns)
    }
}

/// The groups that a user was put into.
struct ExportUserGroups: Statement {
    static let sql: SQL = """
        SELECT g.name, a.assigned_at, a.expires_at FROM group_members a JOIN user_groups g ON g.id = a.group_id
        WHERE a.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ExportedMembership {
        try ExportedMembership(from: &columns)
    }
}
