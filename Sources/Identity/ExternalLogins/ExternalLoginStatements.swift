import MariaDB

extension ExternalLogin {
    /// The columns that `init(from:)` reads.
    static let select: SQL = """
        SELECT l.id, l.user_id, l.provider_id, p.name, p.display_name, p.preset, p.is_enabled, l.issuer, l.subject,
            l.label, l.created_at, l.last_used_at
        FROM external_logins l JOIN external_providers p ON p.id = l.provider_id
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let (id, user) = (try columns.next(ExternalLoginID.self), try columns.next(UserID.self))
        self.init(
            id: id,
            userID: user,
            providerID: try columns.next(),
            provider: try ProviderButton(from: &columns),
            isProviderEnabled: try columns.next(),
            issuer: try columns.next(),
            subject: try columns.next(),
            label: try columns.next(),
            createdAt: try columns.next(),
            lastUsedAt: try columns.nextOptional()
        )
    }
}

/// The logins of a user, oldest first.
struct ListExternalLogins: Statement {
    static let sql: SQL = ExternalLogin.select + " WHERE l.user_id = ? ORDER BY l.id"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ExternalLogin {
        try ExternalLogin(from: &columns)
    }
}

/// A login by its id, locked until the transaction ends.
struct LockExternalLogin: Statement {
    static let sql: SQL = ExternalLogin.select + " WHERE l.id = ? FOR UPDATE"
    let id: ExternalLoginID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ExternalLogin {
        try ExternalLogin(from: &columns)
    }
}

/// The login of a subject, locked until the transaction ends (SECURITY OI-09).
struct LockExternalSubject: Statement {
    static let sql: SQL =
        ExternalLogin.select + " WHERE l.provider_id = ? AND l.issuer = ? AND l.subject = ? FOR UPDATE"

    let provider: ExternalProviderID
    let issuer: String
    let subject: String

    func bind(to parameters: inout Parameters) {
        parameters.append(provider)
        parameters.append(Array(issuer.utf8))
        parameters.append(Array(subject.utf8))
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ExternalLogin {
        try ExternalLogin(from: &columns)
    }
}

/// Adds a login.
struct InsertExternalLogin: Statement {
    static let sql: SQL = """
        INSERT INTO external_logins (id, user_id, provider_id, issuer, subject, label, created_at, last_used_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    let login: ExternalLogin

    func bind(to parameters: inout Parameters) {
        parameters.append(login.id)
        parameters.append(login.userID)
        parameters.append(login.providerID)
        parameters.append(Array(login.issuer.utf8))
        parameters.append(Array(login.subject.utf8))
        parameters.append(login.label)
        parameters.append(login.createdAt)
        parameters.append(login.lastUsedAt)
    }
}

/// Notes a use.
struct UseExternalLogin: Statement {
    static let sql: SQL = "UPDATE external_logins SET label = ?, last_used_at = ? WHERE id = ?"

    let login: ExternalLoginID
    let label: String
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(label)
        parameters.append(now)
        parameters.append(login)
    }
}

/// Removes a login.
struct DeleteExternalLogin: Statement {
    static let sql: SQL = "DELETE FROM external_logins WHERE id = ?"
    let login: ExternalLoginID
    func bind(to parameters: inout Parameters) { parameters.append(login) }
}

/// Removes all logins of a user.
struct DeleteExternalLogins: Statement {
    static let sql: SQL = "DELETE FROM external_logins WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Gives the logins of one account to another.
struct MoveExternalLogins: MoveStatement {
    static let sql: SQL = "UPDATE external_logins SET user_id = ? WHERE user_id = ?"
    let source: UserID
    let target: UserID
}

/// Finds whose login it is.
struct FindOwnerOfLogin: Statement {
    static let sql: SQL = "SELECT user_id FROM external_logins WHERE id = ?"
    let login: ExternalLoginID
    func bind(to parameters: inout Parameters) { parameters.append(login) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}

/// The same, whatever the transaction saw before; holds both rows.
struct LockOwnerOfLogin: Statement {
    static let sql: SQL = """
        SELECT u.id, u.state, u.locked_until,
            EXISTS(SELECT 1 FROM throttles t WHERE t.user_id = u.id AND (t.consecutive > 0 OR t.disabled_at IS NOT NULL))
        FROM external_logins l JOIN users u ON u.id = l.user_id
        WHERE l.id = ? FOR UPDATE
        """
    let login: ExternalLoginID
    func bind(to parameters: inout Parameters) { parameters.append(login) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> LockOwnerOfValue.Row {
        LockOwnerOfValue.Row(
            user: try columns.next(),
            state: try columns.next(),
            lockedUntil: try columns.nextOptional(),
            hasFailures: try columns.next()
        )
    }
}

/// What an account can be signed in with beside its addresses (SECURITY OI-10).
struct HasOtherMethods: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM passwords WHERE user_id = ?) OR EXISTS(SELECT 1 FROM passkeys WHERE user_id = ?)
            OR EXISTS(SELECT 1 FROM totp_devices WHERE user_id = ?)
            OR EXISTS(SELECT 1 FROM recovery_codes WHERE user_id = ?)
            OR EXISTS(SELECT 1 FROM external_logins WHERE user_id = ?)
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { for _ in 0..<5 { parameters.append(user) } }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Bool { try columns.next() }
}

/// Whether a page of logins has anything to show somebody.
struct AreLoginsOfUse: Statement {
    static let sql: SQL = """
        SELECT EXISTS(SELECT 1 FROM external_providers WHERE is_enabled)
            OR EXISTS(SELECT 1 FROM external_logins WHERE user_id = ?)
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Bool { try columns.next() }
}
