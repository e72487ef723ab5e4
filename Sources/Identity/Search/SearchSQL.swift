import MariaDB

/// A condition on the user `u`: literals put together, and the values of their marks in order.
struct SearchSQL: Sendable {
    private(set) var text: SQL
    private(set) var values: [any SQLBindable & Sendable] = []

    /// Conditions that all hold.
    init(all conditions: [SearchCondition], at now: Timestamp) {
        self.init("TRUE")
        for condition in conditions { self = self + " AND " + SearchSQL(condition, at: now) }
    }

    private init(_ text: SQL, _ values: (any SQLBindable & Sendable)...) {
        self.text = text
        self.values = values
    }

    /// One value.
    static func value(_ value: any SQLBindable & Sendable) -> SearchSQL { SearchSQL("?", value) }

    private init(_ condition: SearchCondition, at now: Timestamp) {
        switch condition {
        case .has(let field, let match): self.init(field, match)
        case .state(let state): self.init(state, at: now)
        case .member(let membership): self.init(membership, at: now)
        case .not(let inner): self = "(NOT " + SearchSQL(inner, at: now) + ")"
        case .and(let parts):
            self = parts.reduce("(TRUE") { whole, part in whole + " AND " + SearchSQL(part, at: now) } + ")"
        case .or(let parts):
            self = parts.reduce("(FALSE") { whole, part in whole + " OR " + SearchSQL(part, at: now) } + ")"
        }
    }

    /// A lock that ran out is no lock, though the row still says so.
    private init(_ state: UserState, at now: Timestamp) {
        switch state {
        case .active: self.init("(u.state = 1 OR u.state = 3 AND COALESCE(u.locked_until <= ?, FALSE))", now)
        case .locked: self.init("(u.state = 3 AND COALESCE(u.locked_until > ?, TRUE))", now)
        case .disabled, .pendingDeletion: self.init("(u.state = ?)", state)
        }
    }

    /// LIMIT keeps the optimizer from turning a lookup by key into a table that it reads whole.
    private init(_ field: SearchField, _ match: SearchMatch) {
        let end: SearchSQL = " LIMIT 1) IS NOT NULL)"
        switch field {
        case .value(let attribute, _):
            let start = SearchSQL(
                "((SELECT 1 FROM profile_index r WHERE r.user_id = u.id AND r.attribute = ? AND ",
                attribute.number
            )
            self = start + SearchSQL("r.sort_key", match) + end
        case .name(let kind):
            let start = SearchSQL(
                "((SELECT 1 FROM user_identifiers r WHERE r.user_id = u.id AND r.kind = ? AND ",
                kind
            )
            self = start + SearchSQL("r.canonical", match) + end
        case .externalID: self = "COALESCE(" + SearchSQL("u.external_id", match) + ", FALSE)"
        case .createTime: self.init("u.created_at", match)
        case .updateTime: self.init("u.updated_at", match)
        case .id: self.init("u.id", match)
        case .state: self.init("u.state", match)
        }
    }

    private init(_ column: SQL, _ match: SearchMatch) {
        switch match {
        case .equal(let key): self.init(column + " = ?", key)
        case .range(let range): self.init("(" + column + " >= ? AND " + column + " < ?)", range.lower, range.upper)
        case .contains(let part): self.init("LOCATE(?, " + column + ") > 0", part)
        case .endsWith(let part): self.init("RIGHT(" + column + ", ?) = ?", part.count, part)
        case .present: self.init(column + " IS NOT NULL")
        }
    }

    /// Whether the row `d` is the first of its user in a range, so that nobody is found twice.
    init(firstOf field: SearchField, in range: KeyRange, isDescending: Bool) {
        let order: SQL = isDescending ? " > " : " < "
        let text: SQL
        switch field {
        case .value:
            text = .joining(
                "((SELECT 1 FROM profile_index e WHERE e.user_id = d.user_id AND e.attribute = d.attribute",
                " AND e.sort_key >= ? AND e.sort_key < ? AND e.sort_key",
                order,
                "d.sort_key LIMIT 1) IS NULL)"
            )
        case .name:
            text = .joining(
                "((SELECT 1 FROM user_identifiers e WHERE e.user_id = d.user_id AND e.kind = d.kind",
                " AND e.canonical >= ? AND e.canonical < ? AND e.canonical",
                order,
                "d.canonical LIMIT 1) IS NULL)"
            )
        default:
            self.init("TRUE")
            return
        }
        self.init(text, range.lower, range.upper)
    }

    static func + (left: SearchSQL, right: SearchSQL) -> SearchSQL {
        var whole = left
        whole.text = left.text + right.text
        whole.values += right.values
        return whole
    }
}

extension SearchSQL: ExpressibleByStringLiteral {
    /// Takes a literal without interpolation.
    init(stringLiteral value: StaticString) {
        self.init(SQL(stringLiteral: value))
    }
}
