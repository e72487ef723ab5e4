import MariaDB

/// Adds a token.
struct InsertServiceToken: Statement {
    static let sql: SQL = """
        INSERT INTO service_tokens (id, service_account_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
        """

    let token: ServiceToken
    let account: ServiceAccountID
    let hash: TokenHash

    func bind(to parameters: inout Parameters) {
        parameters.append(token.id)
        parameters.append(account)
        parameters.append(hash)
        parameters.append(token.createdAt)
        parameters.append(token.expiresAt)
    }
}

/// Ends a token of an account.
struct DeleteServiceToken: Statement {
    static let sql: SQL = "DELETE FROM service_tokens WHERE id = ? AND service_account_id = ?"

    let id: ServiceTokenID
    let account: ServiceAccountID

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(account)
    }
}

/// Writes the last use of a token, unless a later one is written.
struct UpdateServiceTokenUse: Statement {
    static let sql: SQL = """
        UPDATE service_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)
        """

    let token: ServiceTokenID
    let usedAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(usedAt)
        parameters.append(token)
        parameters.append(usedAt)
    }
}

/// Lets certificates with a name stand for an account; a duplicate key when they stand for another.
struct InsertCertificateName: Statement {
    static let sql: SQL = "INSERT INTO service_certificate_names (name, service_account_id) VALUES (?, ?)"

    let name: String
    let account: ServiceAccountID

    func bind(to parameters: inout Parameters) {
        parameters.append(Array(name.utf8))
        parameters.append(account)
    }
}

/// Takes all certificate names from an account.
struct DeleteCertificateNames: Statement {
    static let sql: SQL = "DELETE FROM service_certificate_names WHERE service_account_id = ?"
    let account: ServiceAccountID
    func bind(to parameters: inout Parameters) { parameters.append(account) }
}

/// Makes changes that could remove the last administrator wait for each other, and conflict on other nodes.
struct TakeAdministratorGuard: Statement {
    static let sql: SQL = "UPDATE guards SET version = version + 1 WHERE name = 'administrators'"
}

/// An enabled service account with all rights and something to prove itself with.
///
/// A locking read: it sees what others committed while we waited for the guard, which a snapshot would not.
struct FindUsableAdministrator: Statement {
    static let sql: SQL = """
        SELECT a.id FROM service_accounts a
        WHERE a.is_administrator = TRUE AND a.is_disabled = FALSE AND (
            EXISTS (SELECT 1 FROM service_tokens t WHERE t.service_account_id = a.id AND t.expires_at > ?)
            OR EXISTS (SELECT 1 FROM service_certificate_names n WHERE n.service_account_id = a.id))
        LIMIT 1 FOR UPDATE
        """

    let now: Timestamp

    func bind(to parameters: inout Parameters) { parameters.append(now) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ServiceAccountID { try columns.next() }
}

/// Notes that something happened that may happen once; a duplicate key when it did.
struct InsertOnce: Statement {
    static let sql: SQL = "INSERT INTO once (name, happened_at) VALUES (?, ?)"

    let name: String
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(Array(name.utf8))
        parameters.append(now)
    }
}
