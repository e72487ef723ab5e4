import MariaDB

/// The e-mail addresses that a user proved, at most ten of them.
struct ProvedAddresses: Statement {
    static let sql: SQL = """
        SELECT id, kind, value, canonical, is_primary FROM user_identifiers
        WHERE user_id = ? AND kind = 1 AND verified_at IS NOT NULL LIMIT 10
        """

    /// One of them.
    struct Row: Sendable {
        let id: IdentifierID
        let identifier: SignInFlow.Identifier
        let isPrimary: Bool
        var isVerified = true

        /// Who a flow is about whose person is known by something else than a name.
        func identity(of user: UserID) -> SignInIdentity {
            let owner = SignInIdentity.Owner(
                userID: user,
                identifierID: id,
                value: identifier.value,
                isVerified: isVerified
            )
            return SignInIdentity(
                kind: identifier.kind,
                value: identifier.value,
                canonical: identifier.canonical,
                owner: owner
            )
        }
    }

    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            id: try columns.next(),
            identifier: SignInFlow.Identifier(
                kind: try columns.next(),
                value: try columns.next(),
                canonical: try columns.next()
            ),
            isPrimary: try columns.next()
        )
    }
}

/// The telephone numbers that a user proved, at most ten of them.
struct ProvedPhones: Statement {
    static let sql: SQL = """
        SELECT id, kind, value, canonical, is_primary FROM user_identifiers
        WHERE user_id = ? AND kind = 2 AND verified_at IS NOT NULL LIMIT 10
        """

    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProvedAddresses.Row {
        try ProvedAddresses.row(from: &columns)
    }
}

/// The names by which a user is known to somebody who proves himself by other things: what he proved, and his user name; at
/// most 30.
struct NamesToProve: Statement {
    static let sql: SQL = """
        SELECT id, kind, value, canonical, is_primary, verified_at IS NOT NULL FROM user_identifiers
        WHERE user_id = ? AND (verified_at IS NOT NULL OR kind = 3) LIMIT 30
        """

    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProvedAddresses.Row {
        var row = try ProvedAddresses.row(from: &columns)
        row.isVerified = try columns.next()
        return row
    }

    /// Addresses come before telephone numbers and those before the user name; of each kind the main one first.
    static func isBetter(_ left: ProvedAddresses.Row, _ right: ProvedAddresses.Row) -> Bool {
        rank(left) < rank(right)
    }

    private static func rank(_ row: ProvedAddresses.Row) -> Int {
        let kind =
            switch row.identifier.kind {
            case .email: 0
            case .phone: 1
            case .username: 2
            }
        return 2 * kind + (row.isPrimary ? 0 : 1)
    }
}
