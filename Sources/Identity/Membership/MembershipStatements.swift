import MariaDB

/// Whether a user has a role, by himself or through any group, at any depth.
struct HoldsRole: Statement {
    static let sql: SQL = """
        SELECT EXISTS (SELECT 1 FROM user_roles a WHERE a.user_id = ? AND a.role_id = ?
                AND (a.expires_at IS NULL OR a.expires_at > ?))
            OR EXISTS (SELECT 1 FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
                JOIN group_roles a ON a.group_id = c.ancestor_id AND a.role_id = ?
                WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
                    AND (a.expires_at IS NULL OR a.expires_at > ?))
        """

    let user: UserID
    let role: RoleID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(role)
        parameters.append(now)
        parameters.append(role)
        parameters.append(user)
        parameters.append(now)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Bool { try columns.next() }
}

/// What a user has through groups: a row for each way by which a role reaches him.
struct InheritedRoles: Statement {
    struct Row: Sendable {
        let role: RoleID
        let terms: AssignmentTerms
        let group: GroupID
    }

    static let sql: SQL = """
        SELECT a.role_id, a.may_grant, m.expires_at, a.expires_at, m.group_id
        FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
        JOIN group_roles a ON a.group_id = c.ancestor_id
        WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
            AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(now)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let role = try columns.next(RoleID.self)
        let mayGrant = try columns.next(Bool.self)
        let first = try columns.nextOptional(Timestamp.self)
        let second = try columns.nextOptional(Timestamp.self)
        let terms = AssignmentTerms(mayGrant: mayGrant, expiresAt: Timestamp.earlier(first, second))
        return Row(role: role, terms: terms, group: try columns.next())
    }
}

/// What members of a group have through it: its own roles, and those of all groups above it.
struct RolesConferred: Statement {
    static let sql: SQL = """
        SELECT a.role_id, a.may_grant, a.expires_at, a.group_id
        FROM group_closure c JOIN group_roles a ON a.group_id = c.ancestor_id
        WHERE c.descendant_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let group: GroupID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> InheritedRoles.Row {
        let role = try columns.next(RoleID.self)
        let terms = AssignmentTerms(mayGrant: try columns.next(), expiresAt: try columns.nextOptional())
        return InheritedRoles.Row(role: role, terms: terms, group: try columns.next())
    }
}

/// The groups that a user is in, at any depth: a row for each way up from a group he was put into.
struct GroupsOfUser: Statement {
    struct Row: Sendable {
        let group: GroupID
        let terms: AssignmentTerms
        let member: GroupID
    }

    static let sql: SQL = """
        SELECT c.ancestor_id, m.may_grant, m.expires_at, m.group_id
        FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
        WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
        """

    let user: UserID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            group: try columns.next(),
            terms: AssignmentTerms(mayGrant: try columns.next(), expiresAt: try columns.nextOptional()),
            member: try columns.next()
        )
    }
}

/// The groups whose members have a role: those it was given to, and all below them.
struct GroupsReachedByRole: Statement {
    static let sql: SQL = """
        SELECT c.descendant_id FROM group_roles a JOIN group_closure c ON c.ancestor_id = a.group_id
        WHERE a.role_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let role: RoleID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(role)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// A page of the groups below a group, itself apart.
struct GroupsBelow: Statement {
    static let sql: SQL = """
        SELECT c.descendant_id FROM group_closure c WHERE c.ancestor_id = ? AND c.descendant_id > ?
            AND c.descendant_id <> c.ancestor_id ORDER BY c.descendant_id LIMIT ?
        """

    let group: GroupID
    var after: GroupID = .zero
    var limit = 1_000_000

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// A page of the groups above a group, itself apart.
struct GroupsAbove: Statement {
    static let sql: SQL = """
        SELECT c.ancestor_id FROM group_closure c WHERE c.descendant_id = ? AND c.ancestor_id > ?
            AND c.ancestor_id <> c.descendant_id ORDER BY c.ancestor_id LIMIT ?
        """

    let group: GroupID
    let after: GroupID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// A page of the groups directly in a group.
struct Subgroups: Statement {
    static let sql: SQL = """
        SELECT e.child_id FROM group_edges e WHERE e.parent_id = ? AND e.child_id > ? ORDER BY e.child_id LIMIT ?
        """

    let group: GroupID
    let after: GroupID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// A page of the groups that a group is directly in.
struct ParentGroups: Statement {
    static let sql: SQL = """
        SELECT e.parent_id FROM group_edges e WHERE e.child_id = ? AND e.parent_id > ? ORDER BY e.parent_id LIMIT ?
        """

    let group: GroupID
    let after: GroupID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// Whether anybody can give a role to others: a user who has it so, or a group that has it so and has a member.
struct RoleHasOwner: Statement {
    static let sql: SQL = """
        SELECT EXISTS (SELECT 1 FROM user_roles a WHERE a.role_id = ? AND a.may_grant
                AND (a.expires_at IS NULL OR a.expires_at > ?)
                AND (SELECT u.state FROM users u WHERE u.id = a.user_id) <> 4)
            OR EXISTS (SELECT 1 FROM group_roles a JOIN group_closure c ON c.ancestor_id = a.group_id
                JOIN group_members m ON m.group_id = c.descendant_id
                WHERE a.role_id = ? AND a.may_grant AND (a.expires_at IS NULL OR a.expires_at > ?)
                    AND (m.expires_at IS NULL OR m.expires_at > ?)
                    AND (SELECT u.state FROM users u WHERE u.id = m.user_id) <> 4)
        """

    let role: RoleID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(role)
        parameters.append(now)
        parameters.append(role)
        parameters.append(now)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Bool { try columns.next() }
}

/// Puts a group into another; a duplicate key when it is in it.
struct InsertEdge: Statement {
    static let sql: SQL = """
        INSERT INTO group_edges (parent_id, child_id, assigned_at, assigned_by_kind, assigned_by) VALUES (?, ?, ?, ?, ?)
        """

    let edge: GroupEdge
    let now: Timestamp
    let by: Assigner

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.parent)
        parameters.append(edge.child)
        parameters.append(now)
        parameters.append(by.kind)
        parameters.append(by.id)
    }
}

/// Takes a group out of another.
struct DeleteEdge: Statement {
    static let sql: SQL = "DELETE FROM group_edges WHERE parent_id = ? AND child_id = ?"

    let edge: GroupEdge

    func bind(to parameters: inout Parameters) {
        parameters.append(edge.parent)
        parameters.append(edge.child)
    }
}

/// The edges on the ways from one group up to another.
struct EdgesBetween: Statement {
    static let sql: SQL = """
        SELECT e.parent_id, e.child_id FROM group_closure low JOIN group_edges e ON e.child_id = low.ancestor_id
        JOIN group_closure high ON high.descendant_id = e.parent_id AND high.ancestor_id = ?
        WHERE low.descendant_id = ? LIMIT 10000
        """

    let from: GroupID
    let to: GroupID

    func bind(to parameters: inout Parameters) {
        parameters.append(to)
        parameters.append(from)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupEdge {
        GroupEdge(parent: try columns.next(), child: try columns.next())
    }
}

/// The groups that a user was put into, each with a group at or above it that has a role: what explains the role.
struct RoleRoutes: Statement {
    struct Row: Sendable {
        let member: GroupID
        let holder: GroupID
        let expiresAt: Timestamp?
    }

    static let sql: SQL = """
        SELECT m.group_id, a.group_id, m.expires_at, a.expires_at
        FROM group_members m JOIN group_closure c ON c.descendant_id = m.group_id
        JOIN group_roles a ON a.group_id = c.ancestor_id AND a.role_id = ?
        WHERE m.user_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?)
            AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let user: UserID
    let role: RoleID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(role)
        parameters.append(user)
        parameters.append(now)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let (member, holder) = (try columns.next(GroupID.self), try columns.next(GroupID.self))
        let first = try columns.nextOptional(Timestamp.self)
        return Row(
            member: member,
            holder: holder,
            expiresAt: Timestamp.earlier(first, try columns.nextOptional(Timestamp.self))
        )
    }
}

extension Timestamp {
    /// The earlier of two ends, where nil is none.
    static func earlier(_ first: Timestamp?, _ second: Timestamp?) -> Timestamp? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }

    /// The later of two ends, where nil is none.
    static func later(_ first: Timestamp?, _ second: Timestamp?) -> Timestamp? {
        guard let first, let second else { return nil }
        return max(first, second)
    }
}
