internal import Identity
internal import MariaDB
internal import Wire

/// The methods of gatehouse.v1.UserService.
struct UserHandlers: UserServiceHandler {
    let users: UserFlows

    func createUser(_ request: CreateUserRequest, context: CallContext) async throws -> CreateUserResponse {
        let identifiers = try request.identifiers.enumerated().map { index, identifier in
            guard let kind = identifier.kind.domain else {
                throw RequestFields.invalid("identifiers[\(index)].kind", "must be given", .fieldRequired)
            }
            return Identity.NewIdentifier(kind: kind, value: identifier.value)
        }
        let externalID = request.externalID.isEmpty ? nil : request.externalID
        let user = try await users.create(NewUser(identifiers: identifiers, externalID: externalID), context)
        return CreateUserResponse(user: Wire.User(user))
    }

    func getUser(_ request: GetUserRequest, context: CallContext) async throws -> GetUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        return GetUserResponse(user: Wire.User(try await users.get(id, context)))
    }

    func findUser(_ request: FindUserRequest, context: CallContext) async throws -> FindUserResponse {
        let name: UserName
        switch request.by {
        case .email(let text): name = .email(text)
        case .phone(let text): name = .phone(text)
        case .username(let text): name = .username(text)
        case .externalID(let text): name = .externalID(text)
        case nil: throw RequestFields.invalid("by", "must name what to look for", .fieldRequired)
        }
        return FindUserResponse(user: Wire.User(try await users.find(by: name, context)))
    }

    func findUsers(_ request: FindUsersRequest, context: CallContext) async throws -> FindUsersResponse {
        let found = try await users.search(request.query, limit: request.limit, context)
        return FindUsersResponse(users: found.map(Wire.User.init))
    }

    func listUsers(_ request: ListUsersRequest, context: CallContext) async throws -> ListUsersResponse {
        let page = PageRequest(size: request.pageSize, token: request.pageToken)
        let mask = try Wire.User.mask(request.readMask)
        let query = UserListQuery(state: request.state.domain, filter: request.filter, sort: request.sort)
        let found = try await users.list(page, query, context)
        return ListUsersResponse(
            users: found.items.map { Wire.User($0).masked(mask) },
            nextPageToken: found.nextPageToken ?? ""
        )
    }

    func updateUser(_ request: UpdateUserRequest, context: CallContext) async throws -> UpdateUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        _ = try RequestFields.mask(request.updateMask, known: ["external_id"])
        let changes = UserChanges(externalID: .some(request.externalID.isEmpty ? nil : request.externalID))
        let revision = RequestFields.revision(request.expectedRevision)
        let user = try await users.update(id, changes, expectedRevision: revision, context)
        return UpdateUserResponse(user: Wire.User(user))
    }

    func disableUser(_ request: DisableUserRequest, context: CallContext) async throws -> DisableUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        let revision = RequestFields.revision(request.expectedRevision)
        let user = try await users.disable(id, reason: request.reason, expectedRevision: revision, context)
        return DisableUserResponse(user: Wire.User(user))
    }

    func enableUser(_ request: EnableUserRequest, context: CallContext) async throws -> EnableUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        let revision = RequestFields.revision(request.expectedRevision)
        return EnableUserResponse(user: Wire.User(try await users.enable(id, expectedRevision: revision, context)))
    }

    func lockUser(_ request: LockUserRequest, context: CallContext) async throws -> LockUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        guard let until = request.lockedUntil else {
            throw RequestFields.invalid("locked_until", "must be given", .fieldRequired)
        }
        let user = try await users.lock(
            id,
            until: Timestamp(microsecondsSinceEpoch: until.microsecondsSinceEpoch),
            reason: request.reason,
            expectedRevision: RequestFields.revision(request.expectedRevision),
            context
        )
        return LockUserResponse(user: Wire.User(user))
    }

    func unlockUser(_ request: UnlockUserRequest, context: CallContext) async throws -> UnlockUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        let revision = RequestFields.revision(request.expectedRevision)
        return UnlockUserResponse(user: Wire.User(try await users.unlock(id, expectedRevision: revision, context)))
    }

    func deleteUser(_ request: DeleteUserRequest, context: CallContext) async throws -> DeleteUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        let revision = RequestFields.revision(request.expectedRevision)
        let user = try await users.delete(
            id,
            immediately: request.immediately,
            expectedRevision: revision,
            context
        )
        return DeleteUserResponse(user: user.map(Wire.User.init))
    }

    func mergeUsers(_ request: MergeUsersRequest, context: CallContext) async throws -> MergeUsersResponse {
        let source: UserID = try RequestFields.id(request.sourceUserID, "source_user_id")
        let target: UserID = try RequestFields.id(request.targetUserID, "target_user_id")
        let choices = MergeChoices(
            externalID: request.externalID.domain,
            username: request.username.domain,
            password: request.password.domain,
            profile: request.profile.domain
        )
        let user = try await users.merge(
            source,
            into: target,
            choices,
            expectedSourceRevision: RequestFields.revision(request.expectedSourceRevision),
            expectedTargetRevision: RequestFields.revision(request.expectedTargetRevision),
            context
        )
        return MergeUsersResponse(user: Wire.User(user))
    }

    func exportUser(_ request: ExportUserRequest, context: CallContext) async throws -> ExportUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        return ExportUserResponse(documentJson: try await users.export(id, context))
    }

    func undeleteUser(_ request: UndeleteUserRequest, context: CallContext) async throws -> UndeleteUserResponse {
        let id: UserID = try RequestFields.id(request.userID, "user_id")
        let revision = RequestFields.revision(request.expectedRevision)
        return UndeleteUserResponse(user: Wire.User(try await users.undelete(id, expectedRevision: revision, context)))
    }
}

extension MergeSide {
    /// Nil for unspecified.
    fileprivate var domain: MergeChoices.Side? {
        switch self {
        case .unspecified: nil
        case .source: .source
        case .target: .target
        }
    }
}
