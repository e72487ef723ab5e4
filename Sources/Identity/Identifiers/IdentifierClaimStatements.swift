import MariaDB

/// Writes the one claim of a user; the one before is void.
struct PutClaim: Statement {
    static let sql: SQL = """
        INSERT INTO identifier_claims (user_id, id, kind, value, canonical, replaces_id, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE id = VALUES(id), kind = VALUES(kind), value = VALUES(value),
            canonical = VALUES(canonical), replaces_id = VALUES(replaces_id), created_at = VALUES(created_at),
            expires_at = VALUES(expires_at)
        """

    let claim: StoredClaim
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.userID)
        parameters.append(claim.id)
        parameters.append(claim.name.kind)
        parameters.append(claim.name.value)
        parameters.append(claim.name.canonical)
        parameters.append(claim.replaced)
        parameters.append(now)
        parameters.append(claim.expiresAt)
    }
}

/// Reads the claim of a user, locked until the transaction ends.
struct LockClaim: Statement {
    static let sql: SQL = """
        SELECT id, user_id, kind, value, canonical, replaces_id, expires_at FROM identifier_claims
        WHERE user_id = ? FOR UPDATE
        """

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredClaim {
        StoredClaim(
            id: try columns.next(),
            userID: try columns.next(),
            name: SignInFlow.Identifier(
                kind: try columns.next(),
                value: try columns.next(),
                canonical: try columns.next()
            ),
            replaced: try columns.nextOptional(),
            expiresAt: try columns.next()
        )
    }
}

/// Removes the claim of a user, with its code.
struct DeleteClaimOfUser: Statement {
    static let sql: SQL = """
        DELETE k, c FROM identifier_claims k LEFT JOIN one_time_codes c ON c.flow_id = k.id WHERE k.user_id = ?
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}
