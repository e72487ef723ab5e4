import MariaDB

/// One page of a plan: the users that fulfil it, and where the next page begins.
///
/// It looks at so many users at most, whatever the filter: a page may then be short, or even empty, and yet have a next one.
struct SearchWalk: Sendable {
    /// Most users that a page looks at, unless the page itself is longer.
    static let maximumExamined = 1000

    let plan: SearchPlan
    let now: Timestamp

    /// What a page holds.
    struct Found: Sendable {
        var users: [UserID] = []
        /// Nil at the end of the list.
        var next: SearchPosition?
    }

    func page(after start: SearchPosition, limit: Int, _ transaction: Transaction) throws -> Found {
        var position = start
        var found: [SearchPosition] = []
        var (left, width) = (max(Self.maximumExamined, limit + 1), limit + 1)
        while position.phase < plan.phases.count {
            let count = min(width, left)
            let part = try rows(after: position, count, transaction)
            for row in part.rows {
                let place = SearchPosition.Place(key: row.key, id: row.id)
                // Equal values of one user stand side by side.
                guard place != position.place else { continue }
                position.place = place
                guard row.isMatch else { continue }
                found.append(position)
                if found.count > limit { return Self.page(found.dropLast(), next: found[limit - 1]) }
            }
            left -= part.effort
            if let end = part.end { position.place = end } else if part.isWhole { position = position.next }
            if left <= 0, position.phase < plan.phases.count { return Self.page(found[...], next: position) }
            width = min(width * 4, 500)
        }
        return Self.page(found[...], next: nil)
    }

    private static func page(_ found: ArraySlice<SearchPosition>, next: SearchPosition?) -> Found {
        Found(users: found.compactMap(\.place?.id), next: next)
    }

    /// What was looked at next.
    private struct Part {
        let rows: [SearchCandidates.Row]
        /// Whether the phase has no more.
        let isWhole: Bool
        /// Up to where it was looked, where that is not the last row.
        var end: SearchPosition.Place?
        /// In rows.
        let effort: Int

        init(_ rows: [SearchCandidates.Row], isWhole: Bool, end: SearchPosition.Place? = nil, effort: Int? = nil) {
            self.rows = rows
            self.isWhole = isWhole
            self.end = end
            self.effort = effort ?? rows.count
        }
    }

    /// At most `count` rows behind a position.
    private func rows(after position: SearchPosition, _ count: Int, _ transaction: Transaction) throws -> Part {
        let (phase, user) = (plan.phases[position.phase], position.place?.id ?? .zero)
        switch phase.drive {
        case .texts(let needle):
            let candidates = TextCandidates(needle: needle, transaction: transaction)
            let found = try candidates.next(after: user, limit: count)
            return Part(
                try checked(found.users, phase, transaction),
                isWhole: found.end == nil,
                end: found.end.map { .init(key: nil, id: $0) },
                effort: max(found.users.count, found.segments * 4)
            )
        case .members(let membership):
            let candidates = MemberCandidates(membership: membership, now: now, transaction: transaction)
            let users = try candidates.next(after: user, limit: count)
            return Part(try checked(users, phase, transaction), isWhole: users.count < count)
        case .key, .range, .state:
            let rows = try indexed(after: position, count, transaction)
            return Part(rows, isWhole: rows.count < count)
        }
    }

    /// Users with whether they fulfil the rest of a phase.
    private func checked(
        _ users: [UserID],
        _ phase: SearchPlan.Phase,
        _ transaction: Transaction
    ) throws -> [SearchCandidates.Row] {
        guard !users.isEmpty else { return [] }
        let condition = SearchSQL(all: phase.others, at: now)
        return try transaction.all(SearchedUsers(ids: users, condition: condition))
    }

    /// At most `count` rows of an index behind a position; fewer only at the end of its phase.
    private func indexed(
        after position: SearchPosition,
        _ count: Int,
        _ transaction: Transaction
    ) throws -> [SearchCandidates.Row] {
        let phase = plan.phases[position.phase]
        let beginning: UserID = plan.isDescending ? .greatest : .zero
        var condition = SearchSQL(all: phase.others, at: now)
        func read(_ field: SearchField, _ section: SearchCandidates.Section, _ count: Int) throws -> [SearchCandidates
            .Row]
        {
            let statement = SearchCandidates(
                field: field,
                section: section,
                isDescending: plan.isDescending,
                condition: condition,
                limit: count
            )
            return try transaction.all(statement)
        }
        switch phase.drive {
        case .texts, .members: return []
        case .state(let state):
            return try read(.state, .state(state, behind: position.place?.id ?? .zero), count)
        case .key(let field, let key):
            return try read(field, .same(key, behind: position.place?.id ?? beginning), count)
        case .range(let field, let range):
            if field.isMulti {
                condition =
                    condition + " AND "
                    + SearchSQL(firstOf: field, in: range, isDescending: plan.isDescending)
            }
            // Those with the same key first, so that the index is entered exactly where it was left.
            guard let place = position.place, let key = place.key else { return try read(field, .range(range), count) }
            let same = try read(field, .same(key, behind: place.id), count)
            guard same.count < count else { return same }
            let rest =
                plan.isDescending
                ? KeyRange(from: range.lower, to: key) : KeyRange(from: key.next, to: range.upper)
            guard rest.lower < rest.upper else { return same }
            return same + (try read(field, .range(rest), count - same.count))
        }
    }
}
