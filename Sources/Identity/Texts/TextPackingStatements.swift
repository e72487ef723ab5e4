import MariaDB

/// Users of a run to be, with their external ids, in order.
struct UsersToPack: Statement {
    static let sql: SQL = "SELECT id, external_id FROM users WHERE id >= ? AND id <= ? ORDER BY id LIMIT ?"

    let first: UserID
    let last: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> (id: UserID, externalID: [UInt8]?) {
        (try columns.next(), try columns.nextOptional())
    }
}

/// One text that a user is searched by.
struct TextToPack: Sendable {
    let owner: UserID
    let field: TextField
    let key: [UInt8]
}

/// The names of users from one to another.
struct NamesToPack: Statement {
    static let sql: SQL = "SELECT user_id, kind, canonical FROM user_identifiers WHERE user_id >= ? AND user_id <= ?"

    let first: UserID
    let last: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> TextToPack {
        TextToPack(
            owner: try columns.next(),
            field: .name(try columns.next(IdentifierKind.self)),
            key: try columns.next()
        )
    }
}

/// What profiles of users from one to another are searched by; of any kind, not only texts.
struct ValuesToPack: Statement {
    static let sql: SQL = "SELECT user_id, attribute, sort_key FROM profile_index WHERE user_id >= ? AND user_id <= ?"

    let first: UserID
    let last: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(last)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> TextToPack {
        TextToPack(
            owner: try columns.next(),
            field: .attribute(try columns.next(UInt32.self)),
            key: try columns.next()
        )
    }
}

/// The greatest number of a run.
struct LastTextSegment: Statement {
    static let sql: SQL = "SELECT COALESCE(MAX(number), 0) FROM text_segments"
    static func row(from columns: inout Columns) throws(DatabaseError) -> UInt32 { try columns.next() }
}

/// Begins a run without anybody.
struct InsertTextSegment: Statement {
    static let sql: SQL = "INSERT INTO text_segments (first_id, number, owners) VALUES (?, ?, '')"

    let segment: TextSegment

    func bind(to parameters: inout Parameters) {
        parameters.append(segment.first)
        parameters.append(segment.number)
    }
}

/// How many users a run has.
struct CountTextOwners: Statement {
    static let sql: SQL = "SELECT LENGTH(owners) DIV 16 FROM text_segments WHERE first_id = ?"

    let first: UserID

    func bind(to parameters: inout Parameters) { parameters.append(first) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
}

/// Writes the users of a run.
struct UpdateTextOwners: Statement {
    static let sql: SQL = "UPDATE text_segments SET owners = ? WHERE first_id = ?"

    let first: UserID
    let owners: [UserID]

    func bind(to parameters: inout Parameters) {
        parameters.append(owners.flatMap(\.bytes))
        parameters.append(first)
    }
}

/// Empties a run.
struct DeleteTextPostings: Statement {
    static let sql: SQL = "DELETE FROM text_postings WHERE segment = ?"

    let segment: UInt32

    func bind(to parameters: inout Parameters) { parameters.append(segment) }
}

/// Says who has a gram, in one run.
struct InsertTextPosting: Statement {
    static let sql: SQL = "INSERT INTO text_postings (segment, field, gram, places) VALUES (?, ?, ?, ?)"

    let segment: UInt32
    let field: TextField
    let gram: TextGram
    let places: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(segment)
        parameters.append(field)
        parameters.append(gram)
        parameters.append(places)
    }
}
