import MariaDB

/// Puts a group above and below itself.
struct InsertOwnClosure: Statement {
    static let sql: SQL = "INSERT INTO group_closure (descendant_id, ancestor_id, paths) VALUES (?, ?, 1)"
    let group: GroupID
    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(group)
    }
}

/// Adds the ways that a new edge opens: from everything above its parent to everything below its child.
struct AddPaths: Statement {
    static let sql: SQL = """
        INSERT INTO group_closure (descendant_id, ancestor_id, paths)
        SELECT down.descendant_id, up.ancestor_id, up.paths * down.paths
        FROM group_closure up JOIN group_closure down ON down.ancestor_id = ? WHERE up.descendant_id = ?
        ON DUPLICATE KEY UPDATE paths = group_closure.paths + VALUES(paths)
        """

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.child)
        parameters.append(edge.parent)
    }
}

/// Takes away the ways through an edge.
struct SubtractPaths: Statement {
    static let sql: SQL = """
        UPDATE group_closure up JOIN group_closure down ON down.ancestor_id = ?
        JOIN group_closure both_ends ON both_ends.descendant_id = down.descendant_id
            AND both_ends.ancestor_id = up.ancestor_id
        SET both_ends.paths = both_ends.paths - up.paths * down.paths WHERE up.descendant_id = ?
        """

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.child)
        parameters.append(edge.parent)
    }
}

/// Takes away the ways through a group; its own rows go with it.
struct SubtractPathsThrough: Statement {
    static let sql: SQL = """
        UPDATE group_closure up JOIN group_closure down ON down.ancestor_id = ? AND down.descendant_id <> ?
        JOIN group_closure both_ends ON both_ends.descendant_id = down.descendant_id
            AND both_ends.ancestor_id = up.ancestor_id
        SET both_ends.paths = both_ends.paths - up.paths * down.paths
        WHERE up.descendant_id = ? AND up.ancestor_id <> ?
        """

    let group: GroupID

    func bind(to parameters: inout Parameters) {
        for _ in 0..<4 { parameters.append(group) }
    }
}

/// Removes the pairs between which no way is left.
struct DeletePairsWithoutPath: Statement {
    static let sql: SQL = """
        DELETE both_ends FROM group_closure up JOIN group_closure down ON down.ancestor_id = ?
        JOIN group_closure both_ends ON both_ends.descendant_id = down.descendant_id
            AND both_ends.ancestor_id = up.ancestor_id AND both_ends.paths = 0
        WHERE up.descendant_id = ?
        """

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.child)
        parameters.append(edge.parent)
    }
}

/// How much a new edge would write, and whether it would close a circle.
struct MeasureNesting: Statement {
    struct Row: Sendable {
        let above: Int64
        let mostPathsAbove: UInt64
        let below: Int64
        let mostPathsBelow: UInt64
        let isCycle: Bool
    }

    static let sql: SQL = """
        SELECT (SELECT COUNT(*) FROM group_closure WHERE descendant_id = ?),
            (SELECT IFNULL(MAX(paths), 0) FROM group_closure WHERE descendant_id = ?),
            (SELECT COUNT(*) FROM group_closure WHERE ancestor_id = ?),
            (SELECT IFNULL(MAX(paths), 0) FROM group_closure WHERE ancestor_id = ?),
            EXISTS (SELECT 1 FROM group_closure WHERE descendant_id = ? AND ancestor_id = ?)
        """

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.parent)
        parameters.append(edge.parent)
        parameters.append(edge.child)
        parameters.append(edge.child)
        parameters.append(edge.parent)
        parameters.append(edge.child)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            above: try columns.next(),
            mostPathsAbove: try columns.next(),
            below: try columns.next(),
            mostPathsBelow: try columns.next(),
            isCycle: try columns.next()
        )
    }
}

/// One group directly in another.
package struct GroupEdge: Sendable, Hashable, Codable {
    package let parent: GroupID
    package let child: GroupID

    package init(parent: GroupID, child: GroupID) {
        self.parent = parent
        self.child = child
    }
}

/// Whom a role was given to.
struct CountRoleHolders: Statement {
    static let sql: SQL = """
        SELECT (SELECT COUNT(*) FROM user_roles WHERE role_id = ?), (SELECT COUNT(*) FROM group_roles WHERE role_id = ?),
            (SELECT COUNT(*) FROM service_account_roles WHERE role_id = ?)
        """
    let role: RoleID
    func bind(to parameters: inout Parameters) { for _ in 0..<3 { parameters.append(role) } }
    static func row(from columns: inout Columns) throws(DatabaseError) -> DeletedRole {
        DeletedRole(users: try columns.next(), groups: try columns.next(), serviceAccounts: try columns.next())
    }
}

/// What hangs on a group.
struct CountGroupContents: Statement {
    static let sql: SQL = """
        SELECT (SELECT COUNT(*) FROM group_members WHERE group_id = ?),
            (SELECT COUNT(*) FROM group_roles WHERE group_id = ?),
            (SELECT COUNT(*) FROM group_edges WHERE parent_id = ?), (SELECT COUNT(*) FROM group_edges WHERE child_id = ?)
        """
    let group: GroupID
    func bind(to parameters: inout Parameters) { for _ in 0..<4 { parameters.append(group) } }
    static func row(from columns: inout Columns) throws(DatabaseError) -> DeletedGroup {
        DeletedGroup(
            members: try columns.next(),
            roles: try columns.next(),
            subgroups: try columns.next(),
            parents: try columns.next()
        )
    }
}
