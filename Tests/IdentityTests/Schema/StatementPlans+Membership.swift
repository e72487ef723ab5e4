import MariaDB

@testable import Identity

extension PlannedStatement {
    /// Roles, groups, and who has them.
    static let ofMembership: [PlannedStatement] =
        ofCollectives(of: IDKind.Role.self) + ofCollectives(of: IDKind.Group.self) + ofNesting
        + ofQuestions + ofAssignments(AssignmentKinds.RoleOfUser.self) + ofAssignments(AssignmentKinds.RoleOfGroup.self)
        + ofAssignments(AssignmentKinds.RoleOfServiceAccount.self) + ofAssignments(AssignmentKinds.MemberOfGroup.self)

    private static let now = Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000)
    private static let user = PlanFilling.userID(7)
    private static let role = RoleID(exactly: PlanFilling.userID(7).bytes)
    private static let group = GroupID(exactly: PlanFilling.userID(7).bytes)
    private static let edge = GroupEdge(parent: group, child: GroupID(exactly: PlanFilling.userID(307).bytes))

    private static func ofCollectives<Kind: CollectiveKind>(of: Kind.Type) -> [PlannedStatement] {
        let id = ID<Kind>(exactly: user.bytes)
        let range = ListCollectivesByName<Kind>(first: Array("n7".utf8), end: Array("n7".utf8) + [255], limit: 51)
        let statements = [
            PlannedStatement(CollectiveByID(id: id)), PlannedStatement(LockCollective(id: id)),
            PlannedStatement(ListCollectives(after: id, limit: 51)),
            PlannedStatement(ListNewestCollectives(before: id, limit: 51)), PlannedStatement(range),
            PlannedStatement(ListCollectivesByNameDescending(range: range)),
            PlannedStatement(DeleteCollective(id: id)),
        ]
        return statements + (UniqueName("n7").map { [PlannedStatement(CollectiveByName<Kind>(name: $0))] } ?? [])
    }

    private static var ofNesting: [PlannedStatement] {
        [
            PlannedStatement(MeasureNesting(edge: edge)), PlannedStatement(SubtractPaths(edge: edge)),
            PlannedStatement(SubtractPathsThrough(group: group)), PlannedStatement(DeletePairsWithoutPath(edge: edge)),
            PlannedStatement(CountRoleHolders(role: role)), PlannedStatement(CountGroupContents(group: group)),
            PlannedStatement(TakeMembershipGuard()), PlannedStatement(ExportUserRoles(user: user)),
            PlannedStatement(ExportUserGroups(user: user)),
            PlannedStatement(MoveUserRoles(source: user, target: PlanFilling.userID(2000))),
            PlannedStatement(MoveGroupMembers(source: user, target: PlanFilling.userID(2000))),
            PlannedStatement(DeleteEndedAssignments<AssignmentKinds.RoleOfUser>(holder: user, now: now)),
            PlannedStatement(DeleteEndedAssignments<AssignmentKinds.MemberOfGroup>(holder: user, now: now)),
        ]
    }

    private static var ofQuestions: [PlannedStatement] {
        [
            PlannedStatement(HoldsRole(user: user, role: role, now: now)),
            PlannedStatement(InheritedRoles(user: user, now: now)),
            PlannedStatement(RolesConferred(group: group, now: now)),
            PlannedStatement(GroupsOfUser(user: user, now: now)),
            PlannedStatement(GroupsReachedByRole(role: role, now: now)), PlannedStatement(GroupsBelow(group: group)),
            PlannedStatement(GroupsAbove(group: group, after: .zero, limit: 51)),
            PlannedStatement(Subgroups(group: group, after: .zero, limit: 51)),
            PlannedStatement(ParentGroups(group: group, after: .zero, limit: 51)),
            PlannedStatement(RoleHasOwner(role: role, now: now)), PlannedStatement(DeleteEdge(edge: edge)),
            PlannedStatement(EdgesBetween(from: edge.child, to: edge.parent)),
            PlannedStatement(RoleRoutes(user: user, role: role, now: now)),
            PlannedStatement(EndWeakSessionsOfUser(user: user, demand: .passkey)),
            PlannedStatement(EndWeakSessionsOfMembers(group: group, now: now, demand: .passkey)),
            PlannedStatement(EndWeakSessionsOfHolders(role: role, now: now, demand: .passkey)),
            PlannedStatement(GroupsOfRole(role: role, now: now)),
            PlannedStatement(DemandOfGroup(group: group, now: now)),
            PlannedStatement(DemandOfRole(role: role)), PlannedStatement(RoleNamesOfUser(user: user, now: now)),
            PlannedStatement(GroupNamesOfUser(user: user, now: now)),
        ]
    }

    private static func ofAssignments<Kind: AssignmentKind>(_: Kind.Type) -> [PlannedStatement] {
        let (holder, held) = (ID<Kind.Holder>(exactly: user.bytes), ID<Kind.Held>(exactly: user.bytes))
        return [
            PlannedStatement(LockAssignment<Kind>(holder: holder, held: held)),
            PlannedStatement(ReadAssignment<Kind>(holder: holder, held: held)),
            PlannedStatement(DeleteAssignment<Kind>(holder: holder, held: held)),
            PlannedStatement(ListAssignmentsOfHolder<Kind>(holder: holder, now: now)),
            PlannedStatement(ListAssignmentsOfHeld<Kind>(held: held, after: .zero, now: now, limit: 51)),
            PlannedStatement(PurgeAssignments<Kind>(before: PlanFilling.long)),
        ]
    }
}
