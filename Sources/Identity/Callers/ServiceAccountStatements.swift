import MariaDB

extension ServiceAccount {
    /// The columns that `init(from:)` reads, of `service_accounts a`.
    static let select: SQL = """
        SELECT a.id, a.name, a.description, a.scopes, a.is_disabled,
            (SELECT GROUP_CONCAT(n.name ORDER BY n.name SEPARATOR ' ') FROM service_certificate_names n
                WHERE n.service_account_id = a.id) AS certificate_names,
            (SELECT GROUP_CONCAT(HEX(t.id), ',', TIMESTAMPDIFF(MICROSECOND, '1970-01-01', t.created_at), ',',
                TIMESTAMPDIFF(MICROSECOND, '1970-01-01', t.expires_at), ',',
                IFNULL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', t.last_used_at), '') ORDER BY t.id SEPARATOR ';')
                FROM service_tokens t WHERE t.service_account_id = a.id) AS tokens,
            a.revision, a.created_at, a.updated_at
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let id = try columns.next(ServiceAccountID.self)
        let name = try columns.next(String.self)
        let description = try columns.next(String.self)
        let scopes = ScopeSet(stored: try columns.next())
        let isDisabled = try columns.next(Bool.self)
        let names = try columns.nextOptional([UInt8].self) ?? []
        self.init(
            id: id,
            name: name,
            description: description,
            scopes: scopes,
            isDisabled: isDisabled,
            certificateNames: names.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) },
            tokens: try PackedTokens.read(from: &columns),
            revision: try columns.next(),
            createdAt: try columns.next(),
            updatedAt: try columns.next()
        )
    }
}

/// A service account by id.
struct ServiceAccountByID: Statement {
    static let sql: SQL = ServiceAccount.select + " FROM service_accounts a WHERE a.id = ?"
    let id: ServiceAccountID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ServiceAccount {
        try ServiceAccount(from: &columns)
    }
}

/// A service account by id, locked until the transaction ends.
struct LockServiceAccount: Statement {
    static let sql: SQL = ServiceAccount.select + " FROM service_accounts a WHERE a.id = ? FOR UPDATE"
    let id: ServiceAccountID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> ServiceAccount {
        try ServiceAccount(from: &columns)
    }
}

/// A page of service accounts, in the order of their creation.
struct ListServiceAccounts: Statement {
    static let sql: SQL = ServiceAccount.select + " FROM service_accounts a WHERE a.id > ? ORDER BY a.id LIMIT ?"

    let after: ServiceAccountID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ServiceAccount {
        try ServiceAccount(from: &columns)
    }
}

/// Adds a service account.
struct InsertServiceAccount: Statement {
    static let sql: SQL = """
        INSERT INTO service_accounts (name, canonical_name, description, scopes, is_administrator, is_disabled, revision,
            updated_at, id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let account: ServiceAccount
    let canonicalName: [UInt8]

    func bind(to parameters: inout Parameters) {
        account.bind(to: &parameters, canonicalName: canonicalName)
        parameters.append(account.id)
        parameters.append(account.createdAt)
    }
}

/// Writes what can change of a service account, if nobody did since `readRevision`.
struct UpdateServiceAccount: Statement {
    static let sql: SQL = """
        UPDATE service_accounts SET name = ?, canonical_name = ?, description = ?, scopes = ?, is_administrator = ?,
            is_disabled = ?, revision = ?, updated_at = ?
        WHERE id = ? AND revision = ?
        """

    let account: ServiceAccount
    let canonicalName: [UInt8]
    let readRevision: UInt64

    func bind(to parameters: inout Parameters) {
        account.bind(to: &parameters, canonicalName: canonicalName)
        parameters.append(account.id)
        parameters.append(readRevision)
    }
}

extension ServiceAccount {
    fileprivate func bind(to parameters: inout Parameters, canonicalName: [UInt8]) {
        parameters.append(name)
        parameters.append(canonicalName)
        parameters.append(description)
        parameters.append(scopes.stored)
        parameters.append(scopes.isEverything)
        parameters.append(isDisabled)
        parameters.append(revision)
        parameters.append(updatedAt)
    }
}

/// Removes a service account; tokens and certificate names go with the row.
struct DeleteServiceAccount: Statement {
    static let sql: SQL = "DELETE FROM service_accounts WHERE id = ?"
    let id: ServiceAccountID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
}
