internal import Identity
internal import Wire

/// The methods of gatehouse.v1.GroupService.
struct GroupHandlers: GroupServiceHandler {
    let groups: CollectiveFlows<IDKind.Group>

    func createGroup(_ request: CreateGroupRequest, context: CallContext) async throws -> CreateGroupResponse {
        let group = try await groups.create(
            name: request.name,
            description: request.description,
            demand: request.assuranceDemand.domain,
            context
        )
        return CreateGroupResponse(group: Wire.Group(group))
    }

    func getGroup(_ request: GetGroupRequest, context: CallContext) async throws -> GetGroupResponse {
        GetGroupResponse(group: Wire.Group(try await groups.get(Self.id(request.groupID), context)))
    }

    func findGroup(_ request: FindGroupRequest, context: CallContext) async throws -> FindGroupResponse {
        FindGroupResponse(group: Wire.Group(try await groups.find(name: request.name, context)))
    }

    func listGroups(_ request: ListGroupsRequest, context: CallContext) async throws -> ListGroupsResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let listing = try CollectiveListing(namePrefix: request.namePrefix, orderBy: request.orderBy)
        let found = try await groups.list(page, listing, context)
        return ListGroupsResponse(groups: found.items.map(Wire.Group.init), nextPageToken: found.nextPageToken ?? "")
    }

    func updateGroup(_ request: UpdateGroupRequest, context: CallContext) async throws -> UpdateGroupResponse {
        let mask = try RequestFields.mask(request.updateMask, known: CollectiveChanges.paths)
        let changes = CollectiveChanges(
            mask,
            name: request.name,
            description: request.description,
            demand: request.assuranceDemand
        )
        let revision = RequestFields.revision(request.expectedRevision)
        let group = try await groups.update(Self.id(request.groupID), changes, expectedRevision: revision, context)
        return UpdateGroupResponse(group: Wire.Group(group))
    }

    func deleteGroup(_ request: DeleteGroupRequest, context: CallContext) async throws -> DeleteGroupResponse {
        let revision = RequestFields.revision(request.expectedRevision)
        let gone = try await groups.delete(Self.id(request.groupID), expectedRevision: revision, context)
        return DeleteGroupResponse(
            members: gone.members,
            roles: gone.roles,
            subgroups: gone.subgroups,
            parents: gone.parents
        )
    }

    private static func id(_ text: String) throws(FlowError) -> GroupID { try RequestFields.id(text, "group_id") }
}
