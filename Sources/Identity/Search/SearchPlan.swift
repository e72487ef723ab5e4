/// How a list is read: one index after another, and what each user found there must fulfil besides.
///
/// Never the whole table: what no index leads to is refused, naming the attribute.
struct SearchPlan: Sendable {
    /// One range of one index.
    struct Phase: Sendable, Hashable {
        var drive: Drive
        /// All of these, looked up by the user's id.
        var others: [SearchCondition] = []
    }

    /// Where users come from.
    enum Drive: Sendable, Hashable {
        case key(SearchField, SearchKey)
        case range(SearchField, KeyRange)
        /// The stored state.
        case state(UserState)
        /// Parts of texts; who is found there may not have the part.
        case texts(TextNeedle)
        /// Holders of a role, or members of a group.
        case members(SearchMembership)
    }

    let phases: [Phase]
    let isDescending: Bool

    init(_ condition: SearchCondition?, _ sort: SearchSort?) throws(FlowError) {
        switch (condition, sort) {
        case (let condition?, nil): phases = try Self.route(condition).phases
        case (let condition, let sort?): phases = [try Self.sorted(condition, sort.field)]
        case (nil, nil): phases = []
        }
        isDescending = sort?.isDescending ?? false
    }

    /// A way to all users who fulfil a condition, and how many users it may pass: the fewer the better.
    private struct Route {
        var phases: [Phase]
        var cost: Int
    }

    private static func route(_ condition: SearchCondition) throws(FlowError) -> Route {
        switch condition {
        case .has(let field, let match): try route(field, match)
        case .state(let state): route(state)
        case .member(let membership): try route(membership)
        case .and(let parts): try route(all: parts)
        case .or(let parts): try route(any: parts)
        case .not(let inner):
            throw .filterUnserved("`\(inner.anyPath)`: no index finds what is not so; add a condition that one serves")
        }
    }

    private static func route(_ field: SearchField, _ match: SearchMatch) throws(FlowError) -> Route {
        switch match {
        case .equal(let key):
            let cost = field.isUnique ? 0 : field.kind == .boolean ? 5 : 1
            return Route(phases: [Phase(drive: .key(field, key))], cost: cost)
        case .range(let range): return Route(phases: [Phase(drive: .range(field, range))], cost: 3)
        case .present: return Route(phases: [Phase(drive: .range(field, KeyRange(allOf: field)))], cost: 7)
        case .contains, .endsWith:
            guard let needle = field.needle(match) else {
                throw .filterUnserved(
                    "`\(field.path)`: co finds three letters or more, ew two; add a condition that another index serves"
                )
            }
            return Route(phases: [Phase(drive: .texts(needle), others: [.has(field, match)])], cost: 2)
        }
    }

    private static func route(_ membership: SearchMembership) throws(FlowError) -> Route {
        switch membership.held {
        case .role, .group: return Route(phases: [Phase(drive: .members(membership))], cost: 2)
        case .noRole, .noGroup: return Route(phases: [], cost: 0)
        case .anyRole, .anyGroup:
            throw .filterUnserved(
                "`\(membership.path)`: no index finds those who have any; add a condition that one serves"
            )
        }
    }

    private static func route(_ state: UserState) -> Route {
        let locked = Phase(drive: .state(.locked), others: [.state(state)])
        return switch state {
        case .active: Route(phases: [Phase(drive: .state(.active)), locked], cost: 6)
        case .locked: Route(phases: [locked], cost: 2)
        case .disabled, .pendingDeletion: Route(phases: [Phase(drive: .state(state))], cost: 4)
        }
    }

    /// By the part that passes the fewest users; the other parts are looked up.
    private static func route(all parts: [SearchCondition]) throws(FlowError) -> Route {
        var best: (index: Int, route: Route)?
        var refusal: FlowError?
        for (index, part) in parts.enumerated() {
            do {
                let found = try route(part)
                if found.cost < best?.route.cost ?? .max { best = (index, found) }
            } catch {
                refusal = refusal ?? error
            }
        }
        guard let best else {
            throw refusal
                ?? .filterUnserved("`id` and `state` are those of every user; add a condition on something else")
        }
        let others = parts.enumerated().filter { $0.offset != best.index }.map(\.element)
        var whole = best.route
        for phase in whole.phases.indices { whole.phases[phase].others += others }
        return whole
    }

    /// One part after the other, each without the users of those before it.
    private static func route(any parts: [SearchCondition]) throws(FlowError) -> Route {
        var whole = Route(phases: [], cost: 0)
        for (index, part) in parts.enumerated() {
            var found = try route(part)
            if index > 0 {
                let before = SearchCondition.not(.or(Array(parts[..<index])))
                for phase in found.phases.indices { found.phases[phase].others.append(before) }
            }
            whole.phases += found.phases
            whole.cost = max(whole.cost, found.cost)
        }
        return whole
    }

    /// By the index of the sort, as far as the filter confines it.
    private static func sorted(_ condition: SearchCondition?, _ field: SearchField) throws(FlowError) -> Phase {
        guard let condition else { return Phase(drive: .range(field, KeyRange(allOf: field))) }
        var parts = [condition]
        if case .and(let all) = condition { parts = all }
        for (index, part) in parts.enumerated() {
            guard let span = part.span(of: field) else { continue }
            // A comparison alone is all that the range says.
            if case .has = part { parts.remove(at: index) }
            return Phase(drive: .range(field, span), others: parts)
        }
        throw .sortUnserved(
            "`\(field.path)`: this filter is not served by its index; add `\(field.path) pr`, or do not sort"
        )
    }
}

extension SearchCondition {
    /// The range of a field's keys in which every user who fulfils this has one; nil where there is no telling.
    fileprivate func span(of field: SearchField) -> KeyRange? {
        switch self {
        case .has(field, .equal(let key)): KeyRange(from: key, to: key.next)
        case .has(field, .range(let range)): range
        case .has(field, .present): KeyRange(allOf: field)
        case .and(let parts): parts.lazy.compactMap { $0.span(of: field) }.first
        case .or(let parts): Self.span(ofAny: parts, field)
        case .has, .state, .member, .not: nil
        }
    }

    private static func span(ofAny parts: [SearchCondition], _ field: SearchField) -> KeyRange? {
        let spans = parts.compactMap { $0.span(of: field) }
        guard let first = spans.first, spans.count == parts.count else { return nil }
        return spans.dropFirst().reduce(first) { $0.union($1) }
    }

    /// A path that it compares, for a sentence.
    fileprivate var anyPath: String {
        switch self {
        case .has(let field, _): field.path
        case .state: "state"
        case .member(let membership): membership.path
        case .and(let parts), .or(let parts): parts.first?.anyPath ?? "id"
        case .not(let inner): inner.anyPath
        }
    }
}
