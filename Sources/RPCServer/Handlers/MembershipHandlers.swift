internal import Identity
internal import MariaDB
internal import Wire

/// The methods of gatehouse.v1.MembershipService.
struct MembershipHandlers: MembershipServiceHandler {
    let membership: MembershipFlows

    func addRole(_ request: AddRoleRequest, context: CallContext) async throws -> AddRoleResponse {
        let role: RoleID = try RequestFields.id(request.roleID, "role_id")
        let terms = AssignmentTerms(mayGrant: request.mayGrant, expireTime: request.expireTime)
        let given: Wire.Assignment
        switch request.holder {
        case .userID(let text):
            given = Wire.Assignment(
                try await membership.give(role, to: RequestFields.id(text, "user_id") as UserID, on: terms, context)
            )
        case .groupID(let text):
            given = Wire.Assignment(
                try await membership.give(role, to: RequestFields.id(text, "group_id") as GroupID, on: terms, context)
            )
        case .serviceAccountID(let text):
            let account: ServiceAccountID = try RequestFields.id(text, "service_account_id")
            given = Wire.Assignment(try await membership.give(role, to: account, on: terms, context))
        case nil: throw RequestFields.invalid("holder", "must be given", .fieldRequired)
        }
        return AddRoleResponse(assignment: given)
    }

    func removeRole(_ request: RemoveRoleRequest, context: CallContext) async throws -> RemoveRoleResponse {
        let role: RoleID = try RequestFields.id(request.roleID, "role_id")
        switch request.holder {
        case .userID(let text):
            try await membership.take(role, from: RequestFields.id(text, "user_id") as UserID, context)
        case .groupID(let text):
            try await membership.take(role, from: RequestFields.id(text, "group_id") as GroupID, context)
        case .serviceAccountID(let text):
            let account: ServiceAccountID = try RequestFields.id(text, "service_account_id")
            try await membership.take(role, from: account, context)
        case nil: throw RequestFields.invalid("holder", "must be given", .fieldRequired)
        }
        return RemoveRoleResponse()
    }

    func addMember(_ request: AddMemberRequest, context: CallContext) async throws -> AddMemberResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let group: GroupID = try RequestFields.id(request.groupID, "group_id")
        let terms = AssignmentTerms(mayGrant: request.mayGrant, expireTime: request.expireTime)
        let given = try await membership.add(user, to: group, on: terms, context)
        return AddMemberResponse(assignment: Wire.Assignment(given))
    }

    func removeMember(_ request: RemoveMemberRequest, context: CallContext) async throws -> RemoveMemberResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        try await membership.remove(user, from: RequestFields.id(request.groupID, "group_id"), context)
        return RemoveMemberResponse()
    }

    func addSubgroup(_ request: AddSubgroupRequest, context: CallContext) async throws -> AddSubgroupResponse {
        try await membership.nest(Self.edge(request.parentID, request.childID), context)
        return AddSubgroupResponse()
    }

    func removeSubgroup(
        _ request: RemoveSubgroupRequest,
        context: CallContext
    ) async throws -> RemoveSubgroupResponse {
        try await membership.unnest(Self.edge(request.parentID, request.childID), context)
        return RemoveSubgroupResponse()
    }

    func moveSubgroup(_ request: MoveSubgroupRequest, context: CallContext) async throws -> MoveSubgroupResponse {
        let group: GroupID = try RequestFields.id(request.childID, "child_id")
        let old: GroupID = try RequestFields.id(request.oldParentID, "old_parent_id")
        let new: GroupID = try RequestFields.id(request.newParentID, "new_parent_id")
        try await membership.move(group, from: old, to: new, context)
        return MoveSubgroupResponse()
    }

    private static func edge(_ parent: String, _ child: String) throws(FlowError) -> GroupEdge {
        GroupEdge(
            parent: try RequestFields.id(parent, "parent_id"),
            child: try RequestFields.id(child, "child_id")
        )
    }
}

// The questions.
extension MembershipHandlers {
    func holdsRole(_ request: HoldsRoleRequest, context: CallContext) async throws -> HoldsRoleResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let role: RoleID = try RequestFields.id(request.roleID, "role_id")
        return HoldsRoleResponse(holds: try await membership.holds(user, role, context))
    }

    func listUserRoles(_ request: ListUserRolesRequest, context: CallContext) async throws -> ListUserRolesResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let roles = try await membership.roles(of: user, isEffective: request.effective, context)
        return ListUserRolesResponse(roles: roles.map(Wire.HeldRole.init))
    }

    func listGroupRoles(
        _ request: ListGroupRolesRequest,
        context: CallContext
    ) async throws -> ListGroupRolesResponse {
        let group: GroupID = try RequestFields.id(request.groupID, "group_id")
        let roles = try await membership.roles(of: group, isEffective: request.effective, context)
        return ListGroupRolesResponse(roles: roles.map(Wire.HeldRole.init))
    }

    func listServiceAccountRoles(
        _ request: ListServiceAccountRolesRequest,
        context: CallContext
    ) async throws -> ListServiceAccountRolesResponse {
        let account: ServiceAccountID = try RequestFields.id(request.serviceAccountID, "service_account_id")
        let roles = try await membership.roles(of: account, context)
        return ListServiceAccountRolesResponse(roles: roles.map(Wire.HeldRole.init))
    }

    func listSubgroups(_ request: ListSubgroupsRequest, context: CallContext) async throws -> ListSubgroupsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let group: GroupID = try RequestFields.id(request.groupID, "group_id")
        let found = try await membership.groups(.below, group, isEffective: request.effective, page, context)
        return ListSubgroupsResponse(
            groupIds: found.items.map(\.description),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func listParentGroups(
        _ request: ListParentGroupsRequest,
        context: CallContext
    ) async throws -> ListParentGroupsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let group: GroupID = try RequestFields.id(request.groupID, "group_id")
        let found = try await membership.groups(.above, group, isEffective: request.effective, page, context)
        return ListParentGroupsResponse(
            groupIds: found.items.map(\.description),
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func listUserGroups(
        _ request: ListUserGroupsRequest,
        context: CallContext
    ) async throws -> ListUserGroupsResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let groups = try await membership.groups(of: user, isEffective: request.effective, context)
        return ListUserGroupsResponse(groupIds: groups.map(\.description))
    }

    func listGroupMembers(
        _ request: ListGroupMembersRequest,
        context: CallContext
    ) async throws -> ListGroupMembersResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let group: GroupID = try RequestFields.id(request.groupID, "group_id")
        let found = try await membership.members(of: group, isEffective: request.effective, page, context)
        return ListGroupMembersResponse(
            members: found.items.map {
                GroupMember(
                    userID: $0.holder.description,
                    groupID: $0.held.description,
                    assignment: Wire.Assignment($0)
                )
            },
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func listRoleHolders(
        _ request: ListRoleHoldersRequest,
        context: CallContext
    ) async throws -> ListRoleHoldersResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let role: RoleID = try RequestFields.id(request.roleID, "role_id")
        let found = try await membership.holders(of: role, isEffective: request.effective, page, context)
        return ListRoleHoldersResponse(
            holders: found.items.map {
                Wire.RoleHolder(
                    userID: $0.user.description,
                    assignment: $0.direct.map { Wire.Assignment($0) },
                    groupID: $0.group?.description ?? ""
                )
            },
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func explainRole(_ request: ExplainRoleRequest, context: CallContext) async throws -> ExplainRoleResponse {
        let user: UserID = try RequestFields.id(request.userID, "user_id")
        let role: RoleID = try RequestFields.id(request.roleID, "role_id")
        let limit = request.maximumPaths == 0 ? 20 : Int(clamping: request.maximumPaths)
        let paths = try await membership.explain(user, role, limit: limit, context)
        return ExplainRoleResponse(
            paths: paths.map {
                Wire.RolePath(groupIds: $0.groups.map(\.description), expireTime: $0.expiresAt?.wire)
            }
        )
    }
}

extension Wire.HeldRole {
    fileprivate init(_ held: Identity.HeldRole) {
        self.init(
            roleID: held.role.description,
            direct: held.isDirect,
            mayGrant: held.terms.mayGrant,
            expireTime: held.terms.expiresAt?.wire
        )
    }
}

extension AssignmentTerms {
    fileprivate init(mayGrant: Bool, expireTime: WireTimestamp?) {
        let expiresAt = expireTime.map { Timestamp(microsecondsSinceEpoch: $0.microsecondsSinceEpoch) }
        self.init(mayGrant: mayGrant, expiresAt: expiresAt)
    }
}

extension Wire.Assignment {
    fileprivate init<Kind: AssignmentKind>(_ assignment: Identity.Assignment<Kind>) {
        self.init(
            mayGrant: assignment.terms.mayGrant,
            expireTime: assignment.terms.expiresAt?.wire,
            assignTime: assignment.assignedAt.wire,
            assignerKind: AssignerKind(assignment.assignedBy.kind),
            assignerID: assignment.assignedBy.idText
        )
    }
}

extension AssignerKind {
    init(_ kind: Assigner.Kind) {
        self =
            switch kind {
            case .serviceAccount: .serviceAccount
            case .user: .user
            case .system: .system
            }
    }
}
