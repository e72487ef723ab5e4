import MariaDB

extension Application {
    /// The columns that `init(from:)` reads, of `applications a`.
    static let select: SQL = """
        SELECT a.id, a.name, a.service_account_id, a.return_addresses, a.signed_out_addresses, a.claim_scopes,
            a.assurance_demand, a.allows_missing_challenge, a.is_disabled, a.revision, a.created_at, a.updated_at
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        self.init(
            id: try columns.next(),
            name: try columns.next(),
            serviceAccountID: try columns.nextOptional(),
            returnAddresses: Self.list(try columns.next()),
            signedOutAddresses: Self.list(try columns.next()),
            claimScopes: try columns.next(String.self).split(separator: " ").map(String.init),
            demand: try columns.next(),
            allowsMissingChallenge: try columns.next(),
            isDisabled: try columns.next(),
            revision: try columns.next(),
            createdAt: try columns.next(),
            updatedAt: try columns.next()
        )
    }

    private static func list(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }

    fileprivate func bind(to parameters: inout Parameters) {
        parameters.append(name)
        parameters.append(UniqueName(name)?.canonical ?? [])
        parameters.append(serviceAccountID)
        parameters.append(Array(returnAddresses.joined(separator: " ").utf8))
        parameters.append(Array(signedOutAddresses.joined(separator: " ").utf8))
        parameters.append(claimScopes.joined(separator: " "))
        parameters.append(demand)
        parameters.append(allowsMissingChallenge)
        parameters.append(isDisabled)
        parameters.append(revision)
        parameters.append(updatedAt)
        parameters.append(id)
    }
}

/// An application by id, coalesced with others: read whenever one of its sessions is used.
enum ApplicationByID: PointRead {
    static let selectIn: SQL = Application.select + " FROM applications a WHERE a.id IN"

    static func row(from columns: inout Columns) throws(DatabaseError) -> (ApplicationID, Application) {
        let application = try Application(from: &columns)
        return (application.id, application)
    }
}

/// An application by id, which nobody changes until the transaction ends; others may read it so at the same time.
struct ShareApplication: Statement {
    static let sql: SQL = Application.select + " FROM applications a WHERE a.id = ? LOCK IN SHARE MODE"
    let id: ApplicationID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Application {
        try Application(from: &columns)
    }
}

/// An application by id, locked until the transaction ends.
struct LockApplication: Statement {
    static let sql: SQL = Application.select + " FROM applications a WHERE a.id = ? FOR UPDATE"
    let id: ApplicationID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> Application {
        try Application(from: &columns)
    }
}

/// A page of applications, in the order of their creation.
struct ListApplications: Statement {
    static let sql: SQL = Application.select + " FROM applications a WHERE a.id > ? ORDER BY a.id LIMIT ?"

    let after: ApplicationID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Application {
        try Application(from: &columns)
    }
}

/// Adds an application.
struct InsertApplication: Statement {
    static let sql: SQL = """
        INSERT INTO applications (name, canonical_name, service_account_id, return_addresses, signed_out_addresses,
            claim_scopes, assurance_demand, allows_missing_challenge, is_disabled, revision, updated_at, id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let application: Application

    func bind(to parameters: inout Parameters) {
        application.bind(to: &parameters)
        parameters.append(application.createdAt)
    }
}

/// Writes what can change of a locked application.
struct UpdateApplication: Statement {
    static let sql: SQL = """
        UPDATE applications SET name = ?, canonical_name = ?, service_account_id = ?, return_addresses = ?,
            signed_out_addresses = ?, claim_scopes = ?, assurance_demand = ?, allows_missing_challenge = ?,
            is_disabled = ?, revision = ?, updated_at = ?
        WHERE id = ?
        """

    let application: Application

    func bind(to parameters: inout Parameters) { application.bind(to: &parameters) }
}

/// Removes an application; its tickets and sessions go with the row.
struct DeleteApplication: Statement {
    static let sql: SQL = "DELETE FROM applications WHERE id = ?"
    let id: ApplicationID
    func bind(to parameters: inout Parameters) { parameters.append(id) }
}

/// Ends the sessions that an application was given.
struct DeleteSessionsOfApplication: Statement {
    static let sql: SQL = "DELETE FROM sessions WHERE application_id = ?"
    let application: ApplicationID
    func bind(to parameters: inout Parameters) { parameters.append(application) }
}
