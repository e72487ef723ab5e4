import MariaDB

/// Whose sessions a demand reaches.
enum DemandReach: Sendable, Hashable {
    case user(UserID)
    /// Everybody in a group and in all groups below it.
    case group(GroupID)
    /// Everybody whom a role reaches.
    case role(RoleID)

    /// Everybody who has a role, or is in a group.
    init?<Kind: CollectiveKind>(_ id: ID<Kind>) {
        if let role = id as? RoleID {
            self = .role(role)
        } else if let group = id as? GroupID {
            self = .group(group)
        } else {
            return nil
        }
    }
}

/// The condition that a session `s` is below a demand, which is its one parameter.
private let isBelow: SQL = """
    s.assurance_level < 2 OR (? = 2 AND CONCAT(' ', s.methods, ' ') NOT LIKE '% hwk %')
    """

/// Ends the sessions of a user that are below a demand.
struct EndWeakSessionsOfUser: Statement {
    static let sql: SQL = "DELETE s FROM sessions s WHERE s.user_id = ? AND s.is_restricted = 0 AND (" + isBelow + ")"

    let user: UserID
    let demand: AssuranceDemand

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(demand)
    }
}

/// The same for everybody in a group, at any depth.
struct EndWeakSessionsOfMembers: Statement {
    static let sql: SQL = """
        DELETE s FROM group_closure c JOIN group_members m ON m.group_id = c.descendant_id
        JOIN sessions s ON s.user_id = m.user_id
        WHERE c.ancestor_id = ? AND (m.expires_at IS NULL OR m.expires_at > ?) AND s.is_restricted = 0 AND (
        """ + isBelow + ")"

    let group: GroupID
    let now: Timestamp
    let demand: AssuranceDemand

    func bind(to parameters: inout Parameters) {
        parameters.append(group)
        parameters.append(now)
        parameters.append(demand)
    }
}

/// The same for everybody to whom a role was given himself.
struct EndWeakSessionsOfHolders: Statement {
    static let sql: SQL = """
        DELETE s FROM user_roles a JOIN sessions s ON s.user_id = a.user_id
        WHERE a.role_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?) AND s.is_restricted = 0 AND (
        """ + isBelow + ")"

    let role: RoleID
    let now: Timestamp
    let demand: AssuranceDemand

    func bind(to parameters: inout Parameters) {
        parameters.append(role)
        parameters.append(now)
        parameters.append(demand)
    }
}

/// The groups that a role was given to.
struct GroupsOfRole: Statement {
    static let sql: SQL = """
        SELECT a.group_id FROM group_roles a WHERE a.role_id = ? AND (a.expires_at IS NULL OR a.expires_at > ?)
        """

    let role: RoleID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(role)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> GroupID { try columns.next() }
}

/// What a group demands of its members: itself, the groups above it, and the roles that all of these give.
struct DemandOfGroup: Statement {
    static let sql: SQL = """
        SELECT MAX(GREATEST(g.assurance_demand, IFNULL(r.assurance_demand, 0)))
        FROM group_closure c JOIN user_groups g ON g.id = c.ancestor_id
        LEFT JOIN group_roles a ON a.group_id = g.id AND (a.expires_at IS NULL OR a.expires_at > ?)
        LEFT JOIN roles r ON r.id = a.role_id WHERE c.descendant_id = ?
        """

    let group: GroupID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(group)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> AssuranceDemand {
        try columns.nextOptional() ?? .nothing
    }
}

/// What a role demands by itself.
struct DemandOfRole: Statement {
    static let sql: SQL = "SELECT assurance_demand FROM roles WHERE id = ?"
    let role: RoleID
    func bind(to parameters: inout Parameters) { parameters.append(role) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> AssuranceDemand { try columns.next() }
}

extension MembershipStore {
    /// Ends the sessions below a demand that reaches further than before, and returns how many.
    ///
    /// So it holds at once (SECURITY ADM-08): those whom it reaches sign in anew, or set up what they lack.
    func endSessions(
        below demand: AssuranceDemand,
        of reach: DemandReach,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> UInt64 {
        guard demand > .nothing else { return 0 }
        switch reach {
        case .user(let user): return try transaction.execute(EndWeakSessionsOfUser(user: user, demand: demand))
        case .group(let group):
            return try transaction.execute(EndWeakSessionsOfMembers(group: group, now: now, demand: demand))
        case .role(let role):
            var ended = try transaction.execute(EndWeakSessionsOfHolders(role: role, now: now, demand: demand))
            for group in try transaction.all(GroupsOfRole(role: role, now: now)) {
                ended += try transaction.execute(EndWeakSessionsOfMembers(group: group, now: now, demand: demand))
            }
            return ended
        }
    }
}
