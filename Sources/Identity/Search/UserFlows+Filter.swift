import MariaDB

/// Which users a list shows, and in which order.
package struct UserListQuery: Sendable, Hashable {
    /// Only users in this state now.
    package var state: UserState?
    /// A filter of RFC 7644 section 3.4.2.2; empty for all.
    package var filter: String
    /// An attribute, then `asc` or `desc`; empty for the order in which the filter is served.
    package var sort: String

    package init(state: UserState? = nil, filter: String = "", sort: String = "") {
        self.state = state
        self.filter = filter
        self.sort = sort
    }

    /// Everything that a page token is bound to.
    var bytes: [UInt8] {
        let parts = [state.map { [$0.rawValue] } ?? [], Array(filter.utf8), Array(sort.utf8)]
        return parts.flatMap { LengthPrefix.of($0) + $0 }
    }
}

extension UserFlows {
    /// A page of the users who fulfil a filter.
    ///
    /// Each page looks at a bounded number of users: one may be short, or empty, and have a next one all the same.
    package func list(
        _ request: PageRequest,
        _ query: UserListQuery,
        _ context: CallContext
    ) async throws(FlowError) -> Page<User> {
        guard !query.filter.isEmpty || !query.sort.isEmpty else {
            return try await list(request, state: query.state, context)
        }
        try context.require(.usersRead)
        let limit = try request.limit()
        let filter = try Self.read(query.filter)
        let tokens = PageTokens(keyRing: parts.keyRing)
        let list: StaticString = "users.filtered"
        let start = try tokens.read(request.token, list: list, filter: query.bytes, caller: context)
        guard let position = SearchPosition(bytes: start ?? [0]) else { throw PageTokens.refusal }
        let (parts, now) = (parts, parts.clock.now())
        // Of one moment: what is packed anew between two reads would be in neither.
        let (rows, next) = try await parts.snapshot(context) { transaction in
            let plan = try Self.plan(filter, query, try SearchScope(parts, context, transaction))
            let found = try SearchWalk(plan: plan, now: now).page(after: position, limit: limit, transaction)
            return (try Self.rows(found.users, transaction), found.next)
        }
        return Page(
            items: rows.map { $0.user.effective(at: now) },
            nextPageToken: next.map {
                tokens.make(list: list, filter: query.bytes, caller: context, position: $0.bytes)
            }
        )
    }

    private static func read(_ text: String) throws(FlowError) -> Filter? {
        guard !text.isEmpty else { return nil }
        do {
            return try Filter(text)
        } catch {
            throw .filterInvalid("at byte \(error.offset): \(error.description)")
        }
    }

    private static func plan(
        _ filter: Filter?,
        _ query: UserListQuery,
        _ scope: SearchScope
    ) throws(FlowError) -> SearchPlan {
        let asked = try filter.map { filter throws(FlowError) in try SearchCondition(filter, scope) }
        let conditions = [asked, query.state.map(SearchCondition.state)].compactMap(\.self)
        let condition = conditions.count == 2 ? SearchCondition.and(conditions) : conditions.first
        return try SearchPlan(condition, try SearchSort(query.sort, scope))
    }

    /// The users in the order of the ids; one who was erased meanwhile is left out.
    private static func rows(_ ids: [UserID], _ transaction: Transaction) throws -> [UserRow] {
        guard !ids.isEmpty else { return [] }
        let rows = try transaction.all(UsersByIDs(ids: ids)).map { ($0.user.id, $0) }
        let byID = Dictionary(rows, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { byID[$0] }
    }
}
