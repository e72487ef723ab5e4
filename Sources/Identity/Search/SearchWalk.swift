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
            let rows = try rows(after: position, count, transaction)
            for row in rows {
                let place = SearchPosition.Place(key: row.key, id: row.id)
                // Equal values of one user stand side by side.
                guard place != position.place else { continue }
                position.place = place
                guard row.isMatch else { continue }
                found.append(position)
                if found.count > limit { return Self.page(found.dropLast(), next: found[limit - 1]) }
            }
            left -= rows.count
            if rows.count < count { position = SearchPosition(phase: position.phase + 1) }
            if left <= 0, position.phase < plan.phases.count { return Self.page(found[...], next: position) }
            width = min(width * 4, 500)
        }
        return Self.page(found[...], next: nil)
    }

    private static func page(_ found: ArraySlice<SearchPosition>, next: SearchPosition?) -> Found {
        Found(users: found.compactMap(\.place?.id), next: next)
    }

    /// At most `count` rows behind a position; fewer only at the end of its phase.
    private func rows(
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
