import MariaDB

/// The next users of one range of one index, and which of them fulfil the rest of a filter.
///
/// The text is put together from literals: every value is a parameter. Each part of the rest is looked up by the user's id.
struct SearchCandidates: Statement {
    /// One user in the index.
    struct Row: Sendable {
        let id: UserID
        let key: SearchKey?
        let isMatch: Bool
    }

    /// What is read of the index.
    enum Section: Sendable {
        /// The users behind one who have one key.
        case same(SearchKey, behind: UserID)
        case range(KeyRange)
        /// The users behind one who are in a state.
        case state(UserState, behind: UserID)
    }

    static let sql: SQL = "SELECT u.id, NULL, NULL, TRUE FROM users u WHERE u.id = ? AND u.id > ? ORDER BY u.id LIMIT ?"

    let field: SearchField
    let section: Section
    let isDescending: Bool
    let condition: SearchSQL
    let limit: Int

    var preparedSQL: SQL {
        let source = SearchSource(field)
        let (key, id) = (source.key, source.id)
        let ordered: SQL =
            switch (section, isDescending) {
            case (.same, false): .joining(key, " = ? AND ", id, " > ? ORDER BY ", id)
            case (.same, true): .joining(key, " = ? AND ", id, " < ? ORDER BY ", id, " DESC")
            case (.range, false): .joining(key, " >= ? AND ", key, " < ? ORDER BY ", source.order)
            case (.range, true): .joining(key, " >= ? AND ", key, " < ? ORDER BY ", source.backwards)
            case (.state, _): "u.state = ? AND u.id > ? ORDER BY u.id"
            }
        return .joining(
            "SELECT ",
            id,
            source.keyColumns,
            ", ",
            condition.text,
            source.from,
            " AND ",
            ordered,
            " LIMIT ?"
        )
    }

    func bind(to parameters: inout Parameters) {
        for value in condition.values { parameters.append(value) }
        switch field {
        case .name(let kind): parameters.append(kind)
        case .value(let attribute, _): parameters.append(attribute.number)
        default: break
        }
        switch section {
        case .same(let key, let user):
            parameters.append(key)
            parameters.append(user)
        case .range(let range):
            parameters.append(range.lower)
            parameters.append(range.upper)
        case .state(let state, let user):
            parameters.append(state)
            parameters.append(user)
        }
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let id = try columns.next(UserID.self)
        let bytes = try columns.nextOptional([UInt8].self)
        let moment = try columns.nextOptional(Timestamp.self)
        let key = bytes.map(SearchKey.bytes) ?? moment.map(SearchKey.moment)
        return Row(id: id, key: key, isMatch: try columns.next(Bool.self))
    }
}

/// The index of a field, with the user of each row as `u`.
private struct SearchSource {
    let id: SQL
    let key: SQL
    /// The key as bytes and as a moment, one of which is NULL.
    let keyColumns: SQL
    let from: SQL
    /// A key that one user alone has needs no id behind it: its index has none, and would be sorted.
    let isUnique: Bool

    var order: SQL { isUnique ? key : .joining(key, ", ", id) }
    var backwards: SQL { isUnique ? .joining(key, " DESC") : .joining(key, " DESC, ", id, " DESC") }

    init(_ field: SearchField) {
        // Unique attributes of profiles stand in the index of all attributes.
        if case .value = field { isUnique = false } else { isUnique = field.isUnique }
        switch field {
        case .value:
            (id, key, keyColumns) = ("d.user_id", "d.sort_key", ", d.sort_key, NULL")
            from = """
                 FROM profile_index d FORCE INDEX (profile_index_values) STRAIGHT_JOIN users u ON u.id = d.user_id
                WHERE d.attribute = ?
                """
        case .name:
            (id, key, keyColumns) = ("d.user_id", "d.canonical", ", d.canonical, NULL")
            from = """
                 FROM user_identifiers d FORCE INDEX (user_identifiers_canonical) STRAIGHT_JOIN users u ON u.id = d.user_id
                WHERE d.kind = ?
                """
        case .externalID:
            (id, key, keyColumns) = ("u.id", "u.external_id", ", u.external_id, NULL")
            from = " FROM users u FORCE INDEX (users_external_id) WHERE TRUE"
        case .createTime:
            (id, key, keyColumns) = ("u.id", "u.created_at", ", NULL, u.created_at")
            from = " FROM users u FORCE INDEX (users_created_at) WHERE TRUE"
        case .updateTime:
            (id, key, keyColumns) = ("u.id", "u.updated_at", ", NULL, u.updated_at")
            from = " FROM users u FORCE INDEX (users_updated_at) WHERE TRUE"
        case .id:
            (id, key, keyColumns) = ("u.id", "u.id", ", NULL, NULL")
            from = " FROM users u WHERE TRUE"
        case .state:
            (id, key, keyColumns) = ("u.id", "u.state", ", NULL, NULL")
            from = " FROM users u FORCE INDEX (users_state) WHERE TRUE"
        }
    }
}

/// Which of some users fulfil a condition; those who are gone are not there.
struct SearchedUsers: Statement {
    static let sql: SQL = "SELECT u.id, NULL, NULL, TRUE FROM users u WHERE u.id IN (?) ORDER BY u.id"

    let ids: [UserID]
    let condition: SearchSQL

    var preparedSQL: SQL {
        let marks = UsersByIDs(ids: ids).marks
        return "SELECT u.id, NULL, NULL, " + condition.text + " FROM users u WHERE u.id IN (" + marks
            + ") ORDER BY u.id"
    }

    func bind(to parameters: inout Parameters) {
        for value in condition.values { parameters.append(value) }
        UsersByIDs(ids: ids).bind(to: &parameters)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SearchCandidates.Row {
        try SearchCandidates.row(from: &columns)
    }
}

/// Users by their ids, in no order.
struct UsersByIDs: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.id IN (?)"

    let ids: [UserID]

    /// Marks for a power of two, so that few statements are kept.
    private var width: Int {
        var width = 1
        while width < ids.count { width *= 2 }
        return width
    }

    var marks: SQL {
        var (marks, count): (SQL, Int) = ("?", 1)
        while count < width { (marks, count) = (.joining(marks, ", ", marks), count * 2) }
        return marks
    }

    var preparedSQL: SQL { UserRow.select + "FROM users u WHERE u.id IN (" + marks + ")" }

    func bind(to parameters: inout Parameters) {
        for index in 0..<width { parameters.append(index < ids.count ? ids[index] : ids.last ?? .zero) }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}
