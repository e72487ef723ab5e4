import MariaDB

/// A browser on its way, as stored.
struct PendingExternal: Sendable {
    let providerID: ExternalProviderID
    let providerRevision: UInt64
    let callerID: ServiceAccountID
    /// The sign-in that goes on; nil: a login is linked to the user of the session.
    let handle: TokenHash?
    let session: SessionID?
    /// Whether the person was asked to sign in at the provider anew.
    let isConfirmation: Bool
    let redirectURI: String
    /// Verifier and nonce, sealed.
    let secrets: [UInt8]
    let createdAt: Timestamp
    let expiresAt: Timestamp
}

/// Adds a browser on its way.
struct InsertExternalFlow: Statement {
    static let sql: SQL = """
        INSERT INTO external_flows (state_hash, provider_id, provider_revision, caller_id, handle_hash, session_id,
            is_confirmation, redirect_uri, secrets, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let state: TokenHash
    let pending: PendingExternal

    func bind(to parameters: inout Parameters) {
        parameters.append(state)
        parameters.append(pending.providerID)
        parameters.append(pending.providerRevision)
        parameters.append(pending.callerID)
        parameters.append(pending.handle)
        parameters.append(pending.session)
        parameters.append(pending.isConfirmation)
        parameters.append(pending.redirectURI)
        parameters.append(pending.secrets)
        parameters.append(pending.createdAt)
        parameters.append(pending.expiresAt)
    }
}

/// The browser of a state, locked until the transaction ends.
struct LockExternalFlow: Statement {
    static let sql: SQL = """
        SELECT provider_id, provider_revision, caller_id, handle_hash, session_id, is_confirmation, redirect_uri, secrets,
            created_at, expires_at
        FROM external_flows WHERE state_hash = ? FOR UPDATE
        """
    let state: TokenHash
    func bind(to parameters: inout Parameters) { parameters.append(state) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> PendingExternal {
        PendingExternal(
            providerID: try columns.next(),
            providerRevision: try columns.next(),
            callerID: try columns.next(),
            handle: try columns.nextOptional(),
            session: try columns.nextOptional(),
            isConfirmation: try columns.next(),
            redirectURI: try columns.next(),
            secrets: try columns.next(),
            createdAt: try columns.next(),
            expiresAt: try columns.next()
        )
    }
}

/// Uses a state up: one row for the first who comes back with it, and none for the others (SECURITY OI-01).
struct DeleteExternalFlow: Statement {
    static let sql: SQL = "DELETE FROM external_flows WHERE state_hash = ?"
    let state: TokenHash
    func bind(to parameters: inout Parameters) { parameters.append(state) }
}

/// Ends what is on its way to a provider (SECURITY OI-13).
struct PurgeExternalFlows: PurgeStatement {
    static let table = "external_flows"
    static let sql: SQL = "DELETE FROM external_flows WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Forgets logout tokens that nobody could bring again.
struct PurgeExternalLogouts: PurgeStatement {
    static let table = "external_logouts"
    static let sql: SQL = "DELETE FROM external_logouts WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Notes that a provider vouched for a session.
struct InsertExternalSession: Statement {
    static let sql: SQL = "INSERT INTO external_sessions (session_id, login_id, provider_session) VALUES (?, ?, ?)"

    let session: SessionID
    let login: ExternalLoginID
    let providerSession: String?

    func bind(to parameters: inout Parameters) {
        parameters.append(session)
        parameters.append(login)
        parameters.append(providerSession.map { Array($0.utf8) })
    }
}

/// A session that a provider vouched for, and whose it is.
struct VouchedSession: Sendable {
    let session: SessionID
    let user: UserID

    init(from columns: inout Columns) throws(DatabaseError) {
        (session, user) = (try columns.next(), try columns.next())
    }
}

/// The sessions of a subject.
struct SessionsOfSubject: Statement {
    static let sql: SQL = """
        SELECT s.session_id, l.user_id FROM external_logins l JOIN external_sessions s ON s.login_id = l.id
        WHERE l.provider_id = ? AND l.issuer = ? AND l.subject = ?
        """

    let provider: ExternalProviderID
    let issuer: String
    let subject: String

    func bind(to parameters: inout Parameters) {
        parameters.append(provider)
        parameters.append(Array(issuer.utf8))
        parameters.append(Array(subject.utf8))
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> VouchedSession {
        try VouchedSession(from: &columns)
    }
}

/// The sessions of ours that came of one of the provider's.
struct SessionsOfProviderSession: Statement {
    static let sql: SQL = """
        SELECT s.session_id, l.user_id FROM external_sessions s JOIN external_logins l ON l.id = s.login_id
        WHERE s.provider_session = ? AND l.provider_id = ? AND l.issuer = ?
        """

    let provider: ExternalProviderID
    let issuer: String
    let session: String

    func bind(to parameters: inout Parameters) {
        parameters.append(Array(session.utf8))
        parameters.append(provider)
        parameters.append(Array(issuer.utf8))
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> VouchedSession {
        try VouchedSession(from: &columns)
    }
}

/// Takes a logout token once.
struct InsertExternalLogout: Statement {
    static let sql: SQL = "INSERT INTO external_logouts (provider_id, token_hash, expires_at) VALUES (?, ?, ?)"

    let provider: ExternalProviderID
    let hash: [UInt8]
    let expiresAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(provider)
        parameters.append(hash)
        parameters.append(expiresAt)
    }
}
