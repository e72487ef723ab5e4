import MariaDB

/// Finds whose name it is.
struct FindOwner: Statement {
    static let sql: SQL = """
        SELECT user_id, id, value, verified_at IS NOT NULL FROM user_identifiers WHERE kind = ? AND canonical = ?
        """

    let kind: IdentifierKind
    let canonical: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(kind.rawValue)
        parameters.append(canonical)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> SignInIdentity.Owner {
        SignInIdentity.Owner(
            userID: try columns.next(UserID.self),
            identifierID: try columns.next(IdentifierID.self),
            value: try columns.next(String.self),
            isVerified: try columns.next(Bool.self)
        )
    }
}

/// Finds whose name it is now, whatever the transaction saw before, and holds both rows.
struct LockOwner: Statement {
    static let sql: SQL = """
        SELECT u.id, i.id, i.value, i.verified_at IS NOT NULL, u.state, u.locked_until
        FROM user_identifiers i JOIN users u ON u.id = i.user_id
        WHERE i.kind = ? AND i.canonical = ? FOR UPDATE
        """

    /// The owner, and whether they may sign in.
    struct Row: Sendable {
        let owner: SignInIdentity.Owner
        let state: UInt8
        let lockedUntil: Timestamp?

        /// Whether the user's state lets anybody in at that time.
        ///
        /// States this version does not know do not.
        func isActive(at now: Timestamp) -> Bool {
            switch UserState(rawValue: state) {
            case .active: true
            case .locked: lockedUntil.map { $0 <= now } ?? false
            case .disabled, .pendingDeletion, nil: false
            }
        }
    }

    let kind: IdentifierKind
    let canonical: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(kind.rawValue)
        parameters.append(canonical)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let owner = SignInIdentity.Owner(
            userID: try columns.next(UserID.self),
            identifierID: try columns.next(IdentifierID.self),
            value: try columns.next(String.self),
            isVerified: try columns.next(Bool.self)
        )
        return Row(
            owner: owner,
            state: try columns.next(UInt8.self),
            lockedUntil: try columns.nextOptional(Timestamp.self)
        )
    }
}
