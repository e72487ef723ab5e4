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
        SELECT u.id, i.id, i.value, i.verified_at IS NOT NULL, u.state, u.locked_until,
            EXISTS(SELECT 1 FROM throttles t WHERE t.user_id = u.id AND (t.consecutive > 0 OR t.disabled_at IS NOT NULL))
        FROM user_identifiers i JOIN users u ON u.id = i.user_id
        WHERE i.kind = ? AND i.canonical = ? FOR UPDATE
        """

    /// The owner, and whether they may sign in.
    struct Row: Sendable {
        let owner: SignInIdentity.Owner
        let state: UInt8
        let lockedUntil: Timestamp?
        /// Whether failures in a row by any method are counted, his own or strangers'.
        let hasFailures: Bool

        /// Whether the user's state lets anybody in at that time.
        ///
        /// States this version does not know do not.
        func isActive(at now: Timestamp) -> Bool {
            UserState(rawValue: state)?.letsIn(lockedUntil: lockedUntil, at: now) ?? false
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
            lockedUntil: try columns.nextOptional(Timestamp.self),
            hasFailures: try columns.next(Bool.self)
        )
    }
}

/// Finds who has a value of a unique attribute.
struct FindOwnerOfValue: Statement {
    static let sql: SQL = "SELECT user_id FROM profile_unique_values WHERE attribute = ? AND value_hash = ?"

    let value: SignInIdentity.UniqueValue

    func bind(to parameters: inout Parameters) {
        parameters.append(value.attribute)
        parameters.append(value.hash)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}

/// The same, whatever the transaction saw before; holds both rows.
struct LockOwnerOfValue: Statement {
    struct Row: Sendable {
        let user: UserID
        let state: UInt8
        let lockedUntil: Timestamp?
        let hasFailures: Bool

        /// As if the value were an identifier.
        func row(of value: SignInIdentity.UniqueValue, _ text: String) -> LockOwner.Row {
            let owner = SignInIdentity.Owner(user, having: value, text: text)
            return LockOwner.Row(owner: owner, state: state, lockedUntil: lockedUntil, hasFailures: hasFailures)
        }
    }

    static let sql: SQL = """
        SELECT u.id, u.state, u.locked_until,
            EXISTS(SELECT 1 FROM throttles t WHERE t.user_id = u.id AND (t.consecutive > 0 OR t.disabled_at IS NOT NULL))
        FROM profile_unique_values v JOIN users u ON u.id = v.user_id
        WHERE v.attribute = ? AND v.value_hash = ? FOR UPDATE
        """

    let value: SignInIdentity.UniqueValue

    func bind(to parameters: inout Parameters) {
        parameters.append(value.attribute)
        parameters.append(value.hash)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            user: try columns.next(),
            state: try columns.next(),
            lockedUntil: try columns.nextOptional(),
            hasFailures: try columns.next()
        )
    }
}

extension SignInIdentity.Owner {
    /// Who has a value; there is nothing to verify about it, and no mail goes there.
    init(_ user: UserID, having value: SignInIdentity.UniqueValue, text: String) {
        self.init(userID: user, identifierID: .zero, value: text, isVerified: true, attribute: value)
    }
}
