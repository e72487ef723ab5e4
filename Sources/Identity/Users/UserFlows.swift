import MariaDB

/// What can be asked of and done to users.
///
/// Every method demands its right of the context's actor.
package struct UserFlows: Sendable {
    let parts: CoreParts

    /// A user by id, coalesced with other reads.
    package func get(_ id: UserID, _ context: CallContext) async throws(FlowError) -> User {
        try context.requireAccess(to: id, .usersRead)
        guard let row = try await parts.find(UserByID.self, id, context) else { throw .notFound }
        return row.user.effective(at: parts.clock.now())
    }

    /// The user who has a name.
    package func find(by name: UserName, _ context: CallContext) async throws(FlowError) -> User {
        try context.require(.usersRead)
        let row: UserRow?
        switch name {
        case .email(let text): row = try await find(.email, text, field: "email", context)
        case .phone(let text): row = try await find(.phone, text, field: "phone", context)
        case .username(let text): row = try await find(.username, text, field: "username", context)
        case .externalID(let text):
            guard let id = ExternalID(text) else { throw .externalIDInvalid }
            row = try await parts.read(context) { try $0.first(UserByExternalID(externalID: id)) }
        }
        guard let row else { throw .notFound }
        return row.user.effective(at: parts.clock.now())
    }

    /// A page of users in the order of their creation; with `state`, of those who are in it now.
    package func list(
        _ request: PageRequest,
        state: UserState? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> Page<User> {
        try context.require(.usersRead)
        let limit = try request.limit()
        let tokens = PageTokens(keyRing: parts.keyRing)
        let filter = state.map { [$0.rawValue] } ?? []
        let after: UserID = try tokens.position(request, list: "users", filter: filter, caller: context) ?? .zero
        let now = parts.clock.now()
        let rows = try await parts.read(context) { transaction in
            try Self.rows(in: state, after: after, limit: limit + 1, at: now, transaction)
        }
        let users = rows.map { $0.user.effective(at: now) }
        return tokens.page(of: users, limit: limit, list: "users", filter: filter, caller: context) { $0.id.bytes }
    }

    /// Users by the state that holds at `now`: a lock that ran out is no lock, though the row still says so.
    private static func rows(
        in state: UserState?,
        after: UserID,
        limit: Int,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> [UserRow] {
        switch state {
        case nil:
            return try transaction.all(ListUsers(after: after, limit: limit))
        case .locked:
            return try transaction.all(ListLockedUsers(after: after, now: now, limit: limit))
        case .active:
            let active = try transaction.all(ListUsersInState(state: .active, after: after, limit: limit))
            let free = try transaction.all(ListUsersPastLock(after: after, now: now, limit: limit))
            guard !free.isEmpty else { return active }
            let both = (active + free).sorted { $0.user.id.bytes.lexicographicallyPrecedes($1.user.id.bytes) }
            return Array(both.prefix(limit))
        case .disabled?, .pendingDeletion?:
            return try transaction.all(ListUsersInState(state: state ?? .disabled, after: after, limit: limit))
        }
    }

    private func find(
        _ kind: IdentifierKind,
        _ text: String,
        field: String,
        _ context: CallContext
    ) async throws(FlowError) -> UserRow? {
        guard let name = LoginName(kind, text) else {
            throw .invalid(field, kind.invalidReason, "not a valid \(kind.noun)")
        }
        return try await parts.read(context) { try $0.first(UserByName(kind: kind, canonical: name.canonical)) }
    }
}

extension FlowError {
    static let externalIDInvalid = FlowError.invalid(
        "external_id",
        .fieldInvalid,
        "external_id must have 1 to 200 characters without controls"
    )
}
