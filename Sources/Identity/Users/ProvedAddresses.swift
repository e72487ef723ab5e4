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

        /// Who a flow is about whose person is known by something else than a name.
        func identity(of user: UserID) -> SignInIdentity {
            let owner = SignInIdentity.Owner(
                userID: user,
                identifierID: id,
                value: identifier.value,
                isVerified: true
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
