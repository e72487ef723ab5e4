import MariaDB

/// Keys that begin with some bytes: from those bytes up to, but without, the greatest that follow.
struct KeyPrefix: Sendable, Hashable {
    let first: [UInt8]

    /// A byte that no key has: keys are UTF-8.
    var end: [UInt8] { first + [0xFF] }

    init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        first = bytes
    }
}

/// Users by the beginning of a name of one kind, in the order of the names.
struct UsersByNamePrefix: Statement {
    static let sql: SQL =
        UserRow.select + """
            FROM user_identifiers n JOIN users u ON u.id = n.user_id
            WHERE n.kind = ? AND n.canonical >= ? AND n.canonical < ? ORDER BY n.canonical LIMIT ?
            """

    let kind: IdentifierKind
    let prefix: KeyPrefix
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(kind)
        parameters.append(prefix.first)
        parameters.append(prefix.end)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// Users by the beginning of the id under which an older system knew them, in the order of those ids.
struct UsersByExternalIDPrefix: Statement {
    static let sql: SQL =
        UserRow.select + "FROM users u WHERE u.external_id >= ? AND u.external_id < ? ORDER BY u.external_id LIMIT ?"

    let prefix: KeyPrefix
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(prefix.first)
        parameters.append(prefix.end)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// Users by the beginning of a value of an attribute, in the order of the values.
struct UsersByValuePrefix: Statement {
    static let sql: SQL =
        UserRow.select + """
            FROM profile_index v JOIN users u ON u.id = v.user_id
            WHERE v.attribute = ? AND v.sort_key >= ? AND v.sort_key < ? ORDER BY v.sort_key, v.user_id LIMIT ?
            """

    let attribute: UInt32
    let prefix: KeyPrefix
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(attribute)
        parameters.append(prefix.first)
        parameters.append(prefix.end)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// A user by id, in a transaction that reads more.
struct ReadUser: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.id = ?"

    let id: UserID

    func bind(to parameters: inout Parameters) { parameters.append(id) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}
