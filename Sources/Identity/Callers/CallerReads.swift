import MariaDB

/// What authentication by a bearer token reads: the token with its account, coalesced with others.
enum CallerByToken: PointRead {
    struct Row: Sendable {
        let tokenID: ServiceTokenID
        let expiresAt: Timestamp
        let lastUsedAt: Timestamp?
        let account: CallerAccount
    }

    static let selectIn: SQL = """
        SELECT t.token_hash, t.id, t.expires_at, t.last_used_at, a.id, a.name, a.scopes, a.is_disabled
        FROM service_tokens t JOIN service_accounts a ON a.id = t.service_account_id WHERE t.token_hash IN
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> (TokenHash, Row) {
        let hash = try columns.next(TokenHash.self)
        let row = Row(
            tokenID: try columns.next(),
            expiresAt: try columns.next(),
            lastUsedAt: try columns.nextOptional(),
            account: try CallerAccount(from: &columns)
        )
        return (hash, row)
    }
}

/// What authentication by a certificate reads: the account that a name stands for.
enum CallerByCertificateName: PointRead {
    static let selectIn: SQL = """
        SELECT n.name, a.id, a.name, a.scopes, a.is_disabled
        FROM service_certificate_names n JOIN service_accounts a ON a.id = n.service_account_id WHERE n.name IN
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> ([UInt8], CallerAccount) {
        (try columns.next([UInt8].self), try CallerAccount(from: &columns))
    }
}

/// The part of a service account that a call needs.
struct CallerAccount: Sendable {
    let id: ServiceAccountID
    let name: String
    let scopes: ScopeSet
    let isDisabled: Bool

    init(from columns: inout Columns) throws(DatabaseError) {
        id = try columns.next()
        name = try columns.next()
        scopes = ScopeSet(stored: try columns.next())
        isDisabled = try columns.next()
    }
}
