import MariaDB

/// Takes a lease that is ours, free or over.
struct TakeLease: Statement {
    static let sql: SQL = """
        UPDATE leases SET holder = ?, expires_at = ? WHERE name = ? AND (holder = ? OR expires_at <= ?)
        """

    let name: String
    let holder: NodeID
    let now: Timestamp
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(expiresAt)
        parameters.append(Array(name.utf8))
        parameters.append(holder)
        parameters.append(now)
    }
}

/// Makes the row of a lease that nobody ever held; changes no row when there is one.
struct InsertLease: Statement {
    static let sql: SQL = "INSERT IGNORE INTO leases (name, holder, expires_at) VALUES (?, ?, ?)"

    let name: String
    let holder: NodeID
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(Array(name.utf8))
        parameters.append(holder)
        parameters.append(expiresAt)
    }
}

/// Who holds a lease, and how long.
struct ReadLease: Statement {
    struct Row: Sendable {
        let holder: NodeID
        let expiresAt: Timestamp
    }

    static let sql: SQL = "SELECT holder, expires_at FROM leases WHERE name = ? FOR UPDATE"
    let name: String
    func bind(to parameters: inout Parameters) { parameters.append(Array(name.utf8)) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(holder: try columns.next(), expiresAt: try columns.next())
    }
}

/// Gives up a lease that is ours.
struct DeleteLease: Statement {
    static let sql: SQL = "DELETE FROM leases WHERE name = ? AND holder = ?"

    let name: String
    let holder: NodeID

    func bind(to parameters: inout Parameters) {
        parameters.append(Array(name.utf8))
        parameters.append(holder)
    }
}
