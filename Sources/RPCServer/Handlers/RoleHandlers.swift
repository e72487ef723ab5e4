internal import Identity
internal import Wire

/// The methods of gatehouse.v1.RoleService.
struct RoleHandlers: RoleServiceHandler {
    let roles: CollectiveFlows<IDKind.Role>

    func createRole(_ request: CreateRoleRequest, context: CallContext) async throws -> CreateRoleResponse {
        let role = try await roles.create(
            name: request.name,
            description: request.description,
            demand: request.assuranceDemand.domain,
            context
        )
        return CreateRoleResponse(role: Wire.Role(role))
    }

    func getRole(_ request: GetRoleRequest, context: CallContext) async throws -> GetRoleResponse {
        GetRoleResponse(role: Wire.Role(try await roles.get(Self.id(request.roleID), context)))
    }

    func findRole(_ request: FindRoleRequest, context: CallContext) async throws -> FindRoleResponse {
        FindRoleResponse(role: Wire.Role(try await roles.find(name: request.name, context)))
    }

    func listRoles(_ request: ListRolesRequest, context: CallContext) async throws -> ListRolesResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let listing = try CollectiveListing(namePrefix: request.namePrefix, orderBy: request.orderBy)
        let found = try await roles.list(page, listing, context)
        return ListRolesResponse(roles: found.items.map(Wire.Role.init), nextPageToken: found.nextPageToken ?? "")
    }

    func updateRole(_ request: UpdateRoleRequest, context: CallContext) async throws -> UpdateRoleResponse {
        let mask = try RequestFields.mask(request.updateMask, known: CollectiveChanges.paths)
        let changes = CollectiveChanges(
            mask,
            name: request.name,
            description: request.description,
            demand: request.assuranceDemand
        )
        let revision = RequestFields.revision(request.expectedRevision)
        let role = try await roles.update(Self.id(request.roleID), changes, expectedRevision: revision, context)
        return UpdateRoleResponse(role: Wire.Role(role))
    }

    func deleteRole(_ request: DeleteRoleRequest, context: CallContext) async throws -> DeleteRoleResponse {
        let revision = RequestFields.revision(request.expectedRevision)
        let gone = try await roles.delete(Self.id(request.roleID), expectedRevision: revision, context)
        return DeleteRoleResponse(users: gone.users, groups: gone.groups, serviceAccounts: gone.serviceAccounts)
    }

    private static func id(_ text: String) throws(FlowError) -> RoleID { try RequestFields.id(text, "role_id") }
}
