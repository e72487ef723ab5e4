import MariaDB

/// Takes a name from a user.
struct DeleteIdentifier: Statement {
    static let sql: SQL = "DELETE FROM user_identifiers WHERE id = ? AND user_id = ?"

    let id: IdentifierID
    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
    }
}

/// Takes from a user the addresses that were proved since a time, but one.
struct DeleteIdentifiersProvedSince: Statement {
    static let sql: SQL = """
        DELETE FROM user_identifiers WHERE user_id = ? AND kind <> 3 AND verified_at >= ? AND id <> ?
        """

    let user: UserID
    let since: Timestamp
    let kept: IdentifierID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(since)
        parameters.append(kept)
    }
}

/// Makes one name of a kind the main one of a user, and every other not.
struct SetPrimaryIdentifier: Statement {
    static let sql: SQL = "UPDATE user_identifiers SET is_primary = (id = ?) WHERE user_id = ? AND kind = ?"

    let id: IdentifierID
    let user: UserID
    let kind: IdentifierKind

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
        parameters.append(kind)
    }
}

/// The lookup key of a name of a user, locked until the transaction ends.
struct LockIdentifierKey: Statement {
    static let sql: SQL = "SELECT canonical FROM user_identifiers WHERE id = ? AND user_id = ? FOR UPDATE"

    let id: IdentifierID
    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> [UInt8] { try columns.next() }
}

/// Ends the sign-ins under way for a name, with their codes.
struct DeleteFlowsForName: Statement {
    static let sql: SQL = """
        DELETE f, c FROM sign_in_flows f LEFT JOIN one_time_codes c ON c.flow_id = f.id
        WHERE f.identifier_canonical = ? AND f.identifier_kind = ?
        """

    let kind: IdentifierKind
    let canonical: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(canonical)
        parameters.append(kind)
    }
}
