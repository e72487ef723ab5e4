import JSON

/// A condition on one user, in terms of what indexes hold.
///
/// Each is true or false of every user, also of one without a value: then only `not` makes it true.
indirect enum SearchCondition: Sendable, Hashable {
    /// A value of the field fulfils the match.
    case has(SearchField, SearchMatch)
    /// The state that holds now: a lock that ran out is none.
    case state(UserState)
    /// The user has a role or is in a group now.
    case member(SearchMembership)
    case and([SearchCondition])
    case or([SearchCondition])
    case not(SearchCondition)
}

/// What is asked of a key.
enum SearchMatch: Sendable, Hashable {
    case equal(SearchKey)
    case range(KeyRange)
    case contains([UInt8])
    case endsWith([UInt8])
    case present
}

extension SearchCondition {
    /// Translates a filter; refuses what has no index and values that do not fit, naming the attribute.
    init(_ filter: Filter, _ scope: SearchScope) throws(FlowError) {
        switch filter {
        case .compare(let path, let comparison, let value):
            if let membership = try SearchMembership(path, scope) {
                self = try membership.condition(comparison, value, scope)
                return
            }
            let field = try SearchField(path, in: "filter", scope)
            self = try Self.comparison(field, comparison, value)
        case .present(let path):
            if let membership = try SearchMembership(path, scope) {
                self = .member(membership)
                return
            }
            self = Self.presence(try SearchField(path, in: "filter", scope))
        case .and(let parts): self = .and(try parts.map { part throws(FlowError) in try Self(part, scope) })
        case .or(let parts): self = .or(try parts.map { part throws(FlowError) in try Self(part, scope) })
        case .not(let inner): self = .not(try Self(inner, scope))
        case .element(let path, let inner): self = try Self.element(path, inner, scope)
        }
    }

    /// Every user has an id, a state and times.
    private static func presence(_ field: SearchField) -> SearchCondition {
        switch field {
        case .id, .state: .and([])
        default: .has(field, .present)
        }
    }

    private static func comparison(
        _ field: SearchField,
        _ comparison: Filter.Operator,
        _ value: JSONValue
    ) throws(FlowError) -> SearchCondition {
        if value == .null {
            switch comparison {
            case .equal: return .not(presence(field))
            case .notEqual: return presence(field)
            default: throw .filterInvalid("`\(field.path)`: null is only equal or not equal")
            }
        }
        if field == .state { return try state(comparison, value) }
        if comparison == .notEqual {
            return .not(.has(field, try SearchMatch(.equal, value, field)))
        }
        return .has(field, try SearchMatch(comparison, value, field))
    }

    private static func state(_ comparison: Filter.Operator, _ value: JSONValue) throws(FlowError) -> SearchCondition {
        guard case .string(let name) = value, let state = UserState.allCases.first(where: { $0.filterName == name })
        else {
            let names = UserState.allCases.map { "\"\($0.filterName)\"" }.joined(separator: ", ")
            throw .filterInvalid("`state` is one of \(names)")
        }
        switch comparison {
        case .equal: return .state(state)
        // One of the others, which the index finds.
        case .notEqual: return .or(UserState.allCases.filter { $0 != state }.map(SearchCondition.state))
        default: throw .filterUnserved("`state` is only compared by eq and ne")
        }
    }

    /// The index does not tell which values belong to one element: conditions on several cannot be told apart.
    private static func element(
        _ path: AttributePath,
        _ inner: Filter,
        _ scope: SearchScope
    ) throws(FlowError) -> SearchCondition {
        switch inner {
        case .compare(let sub, let comparison, let value) where comparison != .notEqual && value != .null:
            return try Self(.compare(try path.appending(sub), comparison, value), scope)
        case .present(let sub): return try Self(.present(try path.appending(sub)), scope)
        case .or(let parts):
            return .or(try parts.map { part throws(FlowError) in try element(path, part, scope) })
        default:
            throw .filterUnserved("`\(path)[...]`: no index tells elements apart; compare one sub-attribute of them")
        }
    }
}

extension UserState {
    /// As filters call it.
    var filterName: String {
        switch self {
        case .active: "active"
        case .disabled: "disabled"
        case .locked: "locked"
        case .pendingDeletion: "pending_deletion"
        }
    }
}

extension AttributePath {
    fileprivate func appending(_ sub: AttributePath) throws(FlowError) -> AttributePath {
        guard let path = AttributePath("\(self).\(sub)") else {
            throw .filterInvalid("`\(self)[...]` goes deeper than attributes do")
        }
        return path
    }
}

extension FlowError {
    static func filterInvalid(_ description: String) -> FlowError { .invalid("filter", .filterInvalid, description) }

    static func filterUnserved(_ description: String) -> FlowError { .invalid("filter", .filterUnserved, description) }

    static func sortUnserved(_ description: String) -> FlowError { .invalid("sort", .sortUnserved, description) }
}
