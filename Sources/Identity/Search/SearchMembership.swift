import JSON
import MariaDB

/// A condition on what a user has or is in now: `roles eq "editor"`, `groups.direct eq "staff"`.
///
/// Without `direct` that is what the user's claims say: what was given to him, and what reaches him through groups.
struct SearchMembership: Sendable, Hashable {
    enum Held: Sendable, Hashable {
        case role(RoleID)
        case group(GroupID)
        case anyRole
        case anyGroup
        /// One that there is not, and nobody has.
        case noRole
        case noGroup
    }

    let held: Held
    /// Whether only what was given to the user himself counts.
    let isDirect: Bool

    /// As filters call it.
    var path: String {
        let name =
            switch held {
            case .role, .anyRole, .noRole: "roles"
            case .group, .anyGroup, .noGroup: "groups"
            }
        return isDirect ? name + ".direct" : name
    }
}

extension SearchMembership {
    /// What a path of a filter asks of: any role or group; nil for the path of something else.
    ///
    /// Takes the right to read who has what.
    init?(_ path: AttributePath, _ scope: SearchScope) throws(FlowError) {
        guard ["roles", "groups"].contains(path.root) else { return nil }
        try scope.context.require(.membershipRead)
        switch path.description {
        case "roles": self.init(held: .anyRole, isDirect: false)
        case "roles.direct": self.init(held: .anyRole, isDirect: true)
        case "groups": self.init(held: .anyGroup, isDirect: false)
        case "groups.direct": self.init(held: .anyGroup, isDirect: true)
        default:
            throw .invalid("filter", .attributeUnknown, "`\(path)` is nothing that this caller can search by")
        }
    }

    /// The condition that a comparison with a name, or an id, is; nobody has what there is not.
    func condition(
        _ comparison: Filter.Operator,
        _ value: JSONValue,
        _ scope: SearchScope
    ) throws(FlowError) -> SearchCondition {
        guard comparison == .equal || comparison == .notEqual else {
            throw .filterUnserved("`\(path)` is only compared by eq and ne")
        }
        let has: SearchCondition
        switch value {
        case .null: has = .not(.member(self))
        case .string(let text): has = .member(SearchMembership(held: try named(text, scope), isDirect: isDirect))
        default: throw .filterInvalid("`\(path)`: must be compared with a name or an id")
        }
        return comparison == .equal ? has : .not(has)
    }

    /// The role or group of a name or id.
    private func named(_ text: String, _ scope: SearchScope) throws(FlowError) -> Held {
        switch held {
        case .role, .anyRole, .noRole: try scope.id(of: IDKind.Role.self, text).map(Held.role) ?? .noRole
        case .group, .anyGroup, .noGroup: try scope.id(of: IDKind.Group.self, text).map(Held.group) ?? .noGroup
        }
    }
}

extension SearchScope {
    /// The id of a role or group that is called so, or has this id.
    func id<Kind: CollectiveKind>(of _: Kind.Type, _ text: String) throws(FlowError) -> ID<Kind>? {
        do {
            if let name = UniqueName(text), let found = try transaction.first(CollectiveByName<Kind>(name: name)) {
                return found.id
            }
            return try ID<Kind>(text: text).flatMap { try transaction.first(CollectiveByID(id: $0))?.id }
        } catch {
            throw FlowError(any: error)
        }
    }
}

/// The users of whom a condition on roles or groups holds, in the order of their ids.
struct MemberCandidates {
    let membership: SearchMembership
    let now: Timestamp
    let transaction: Transaction

    /// At most `limit` users behind one; fewer only at the end.
    func next(after user: UserID, limit: Int) throws -> [UserID] {
        switch membership.held {
        case .role(let role): try holders(of: role, after: user, limit: limit)
        case .group(let group):
            try members(
                of: [group] + (membership.isDirect ? [] : transaction.all(GroupsBelow(group: group))),
                after: user,
                limit: limit
            )
        case .anyRole, .anyGroup, .noRole, .noGroup: []
        }
    }

    private func holders(of role: RoleID, after user: UserID, limit: Int) throws -> [UserID] {
        let list = ListAssignmentsOfHeld<AssignmentKinds.RoleOfUser>(held: role, after: user, now: now, limit: limit)
        var users = Set(try transaction.all(list).map(\.holder))
        if !membership.isDirect {
            let groups = try Set(transaction.all(GroupsReachedByRole(role: role, now: now))).sorted()
            users.formUnion(try members(of: groups, after: user, limit: limit))
        }
        return Array(users.sorted().prefix(limit))
    }

    private func members(of groups: [GroupID], after user: UserID, limit: Int) throws -> [UserID] {
        var merge = MemberMerge(after: user, limit: limit, now: now)
        try merge.add(membersOf: groups, transaction)
        return merge.members.map(\.holder)
    }
}

extension SearchSQL {
    /// Whether the user `u` has or is in something now, by lookups from the user's side.
    init(_ membership: SearchMembership, at now: Timestamp) {
        switch (membership.held, membership.isDirect) {
        case (.role(let role), true): self = Self.ownRole(role, now)
        case (.role(let role), false):
            self = "(" + Self.ownRole(role, now) + " OR " + Self.inherited(role, now) + ")"
        case (.anyRole, true): self = Self.ownRole(nil, now)
        case (.anyRole, false): self = "(" + Self.ownRole(nil, now) + " OR " + Self.inherited(nil, now) + ")"
        case (.group(let group), true):
            self =
                "((SELECT 1 FROM group_members m WHERE m.user_id = u.id AND m.group_id = " + Self.value(group)
                + Self.current(" AND (m.expires_at IS NULL OR m.expires_at > ", now) + Self.found
        case (.group(let group), false):
            self =
                "((SELECT 1 FROM group_members m STRAIGHT_JOIN group_closure c ON c.descendant_id = m.group_id AND c.ancestor_id = "
                + Self.value(group) + " WHERE m.user_id = u.id"
                + Self.current(" AND (m.expires_at IS NULL OR m.expires_at > ", now) + Self.found
        case (.noRole, _), (.noGroup, _): self = "FALSE"
        case (.anyGroup, _):
            self =
                "((SELECT 1 FROM group_members m WHERE m.user_id = u.id"
                + Self.current(" AND (m.expires_at IS NULL OR m.expires_at > ", now) + Self.found
        }
    }

    private static let found: SearchSQL = " LIMIT 1) IS NOT NULL)"

    private static func current(_ text: SearchSQL, _ now: Timestamp) -> SearchSQL { text + value(now) + ")" }

    private static func ownRole(_ role: RoleID?, _ now: Timestamp) -> SearchSQL {
        var text: SearchSQL = "((SELECT 1 FROM user_roles a WHERE a.user_id = u.id"
        if let role { text = text + " AND a.role_id = " + value(role) }
        return text + current(" AND (a.expires_at IS NULL OR a.expires_at > ", now) + found
    }

    private static func inherited(_ role: RoleID?, _ now: Timestamp) -> SearchSQL {
        var text: SearchSQL = """
            ((SELECT 1 FROM group_members m STRAIGHT_JOIN group_closure c ON c.descendant_id = m.group_id
                STRAIGHT_JOIN group_roles a ON a.group_id = c.ancestor_id
            """
        if let role { text = text + " AND a.role_id = " + value(role) }
        return text + " WHERE m.user_id = u.id" + current(" AND (m.expires_at IS NULL OR m.expires_at > ", now)
            + current(" AND (a.expires_at IS NULL OR a.expires_at > ", now) + found
    }
}
