import MariaDB

extension Collective {
    /// The columns that `init(from:)` reads, of `r`.
    static var columns: SQL {
        "r.id, r.name, r.description, r.assurance_demand, r.revision, r.created_at, r.updated_at"
    }

    /// All columns, up to where the conditions begin.
    static var select: SQL { "SELECT " + columns + " FROM " + Kind.table + " r WHERE " }

    init(from columns: inout Columns) throws(DatabaseError) {
        self.init(
            id: try columns.next(),
            name: try columns.next(),
            description: try columns.next(),
            demand: try columns.next(),
            revision: try columns.next(),
            createdAt: try columns.next(),
            updatedAt: try columns.next()
        )
    }
}

/// A role or group by id.
struct CollectiveByID<Kind: CollectiveKind>: Statement {
    static var sql: SQL { Collective<Kind>.select + "r.id = ?" }
    let id: ID<Kind>
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// A role or group by id, locked until the transaction ends.
struct LockCollective<Kind: CollectiveKind>: Statement {
    static var sql: SQL { Collective<Kind>.select + "r.id = ? FOR UPDATE" }
    let id: ID<Kind>
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// The role or group of a name.
struct CollectiveByName<Kind: CollectiveKind>: Statement {
    static var sql: SQL { Collective<Kind>.select + "r.canonical_name = ?" }
    let name: UniqueName
    func bind(to parameters: inout Parameters) { parameters.append(name.canonical) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// A page in the order of creation, after an id.
struct ListCollectives<Kind: CollectiveKind>: Statement {
    static var sql: SQL { Collective<Kind>.select + "r.id > ? ORDER BY r.id LIMIT ?" }

    let after: ID<Kind>
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// A page from the newest to the oldest, before an id.
struct ListNewestCollectives<Kind: CollectiveKind>: Statement {
    static var sql: SQL { Collective<Kind>.select + "r.id < ? ORDER BY r.id DESC LIMIT ?" }

    let before: ID<Kind>
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(before)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// A page in the order of names, from one key to before another.
struct ListCollectivesByName<Kind: CollectiveKind>: Statement {
    static var sql: SQL {
        Collective<Kind>.select + "r.canonical_name >= ? AND r.canonical_name < ? ORDER BY r.canonical_name LIMIT ?"
    }

    let first: [UInt8]
    let end: [UInt8]
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(first)
        parameters.append(end)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// The same from the last name to the first.
struct ListCollectivesByNameDescending<Kind: CollectiveKind>: Statement {
    static var sql: SQL {
        Collective<Kind>.select
            + "r.canonical_name >= ? AND r.canonical_name < ? ORDER BY r.canonical_name DESC LIMIT ?"
    }

    let range: ListCollectivesByName<Kind>

    func bind(to parameters: inout Parameters) { range.bind(to: &parameters) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Collective<Kind> {
        try Collective(from: &columns)
    }
}

/// Adds a role or group.
struct InsertCollective<Kind: CollectiveKind>: Statement {
    static var sql: SQL {
        "INSERT INTO " + Kind.table + """
             (name, canonical_name, description, assurance_demand, revision, updated_at, id, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """
    }

    let item: Collective<Kind>

    func bind(to parameters: inout Parameters) {
        item.bindChangeable(to: &parameters)
        parameters.append(item.id)
        parameters.append(item.createdAt)
    }
}

/// Writes what can change of a locked role or group.
struct UpdateCollective<Kind: CollectiveKind>: Statement {
    static var sql: SQL {
        "UPDATE " + Kind.table + """
             SET name = ?, canonical_name = ?, description = ?, assurance_demand = ?, revision = ?, updated_at = ?
            WHERE id = ?
            """
    }

    let item: Collective<Kind>

    func bind(to parameters: inout Parameters) {
        item.bindChangeable(to: &parameters)
        parameters.append(item.id)
    }
}

extension Collective {
    fileprivate func bindChangeable(to parameters: inout Parameters) {
        parameters.append(name)
        parameters.append(UniqueName(name)?.canonical ?? [])
        parameters.append(description)
        parameters.append(demand)
        parameters.append(revision)
        parameters.append(updatedAt)
    }
}

/// Removes a role or group; what it was given to, and what it was given, goes with the row.
struct DeleteCollective<Kind: CollectiveKind>: Statement {
    static var sql: SQL { "DELETE FROM " + Kind.table + " WHERE id = ?" }
    let id: ID<Kind>
    func bind(to parameters: inout Parameters) { parameters.append(id) }
}

/// Makes changes of membership wait for each other, on every node: each sees what the one before it did.
struct TakeMembershipGuard: Statement {
    static let sql: SQL = "UPDATE guards SET version = version + 1 WHERE name = 'membership'"
}
