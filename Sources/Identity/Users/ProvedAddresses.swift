import MariaDB

/// The e-mail addresses that a user proved, at most ten of them.
struct ProvedAddresses: Statement {
    static let sql: SQL = """
        SELECT kind, value, canonical, is_primary FROM user_identifiers
        WHERE user_id = ? AND kind = 1 AND verified_at IS NOT NULL LIMIT 10
        """

    /// One of them.
    struct Row: Sendable {
        let identifier: SignInFlow.Identifier
        let isPrimary: Bool
    }

    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            identifier: SignInFlow.Identifier(
                kind: try columns.next(),
                value: try columns.next(),
                canonical: try columns.next()
            ),
            isPrimary: try columns.next()
        )
    }
}
