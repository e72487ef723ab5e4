import Cryptography
import MariaDB
import WebAuthn

/// A passkey with what is needed to check it.
struct PasskeyRow: Sendable {
    let passkey: Passkey
    let credentialID: [UInt8]
    let publicKey: [UInt8]
    let signatureCount: UInt32
    let isUserVerified: Bool
    /// The handle under which it was registered: its owner's, or that of an account that was merged into the owner's.
    let handle: [UInt8]

    static let select: SQL = """
        SELECT p.id, p.user_id, p.name, p.aaguid, p.transports, p.is_backup_eligible, p.is_backed_up, p.created_at,
            p.last_used_at, p.suspected_copy_at, p.credential_id, p.public_key, p.signature_count, p.is_user_verified,
            COALESCE(p.handle, h.handle)
        FROM passkeys p JOIN user_handles h ON h.user_id = p.user_id
        """

    init(from columns: inout Columns) throws(DatabaseError) {
        let (id, user) = (try columns.next(PasskeyID.self), try columns.next(UserID.self))
        let name = try columns.next(String.self)
        let model = AAGUID(try columns.next([UInt8].self)).flatMap { KnownModels.name(of: $0) }
        let transports = try columns.next(String.self).split(separator: " ").map(String.init)
        passkey = Passkey(
            id: id,
            userID: user,
            name: name,
            model: model,
            transports: AuthenticatorTransport.known(among: transports),
            isBackupEligible: try columns.next(Bool.self),
            isBackedUp: try columns.next(Bool.self),
            createdAt: try columns.next(Timestamp.self),
            lastUsedAt: try columns.nextOptional(Timestamp.self),
            suspectedCopyAt: try columns.nextOptional(Timestamp.self)
        )
        credentialID = try columns.next([UInt8].self)
        publicKey = try columns.next([UInt8].self)
        signatureCount = try columns.next(UInt32.self)
        isUserVerified = try columns.next(Bool.self)
        handle = try columns.next([UInt8].self)
    }
}

/// The passkeys of a user, oldest first.
struct ListPasskeys: Statement {
    static let sql: SQL = PasskeyRow.select + " WHERE p.user_id = ? ORDER BY p.id LIMIT 100"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> PasskeyRow { try PasskeyRow(from: &columns) }
}

/// The passkey with an authenticator's identifier, locked until the transaction ends.
struct LockCredential: Statement {
    static let sql: SQL = PasskeyRow.select + " WHERE p.credential_id = ? FOR UPDATE"
    let credentialID: [UInt8]
    func bind(to parameters: inout Parameters) { parameters.append(credentialID) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> PasskeyRow { try PasskeyRow(from: &columns) }
}

/// One passkey, locked until the transaction ends.
struct LockPasskey: Statement {
    static let sql: SQL = PasskeyRow.select + " WHERE p.id = ? FOR UPDATE"
    let passkey: PasskeyID
    func bind(to parameters: inout Parameters) { parameters.append(passkey) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> PasskeyRow { try PasskeyRow(from: &columns) }
}

/// Adds a passkey.
struct InsertPasskey: Statement {
    static let sql: SQL = """
        INSERT INTO passkeys (id, user_id, credential_id, public_key, relying_party_id, signature_count,
            is_user_verified, is_backup_eligible, is_backed_up, aaguid, transports, name, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    let id: PasskeyID
    let user: UserID
    let credential: RegisteredCredential
    let name: String
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
        parameters.append(credential.id)
        parameters.append(credential.publicKey.bytes)
        parameters.append(credential.relyingPartyID)
        parameters.append(credential.signatureCount)
        parameters.append(credential.isUserVerified)
        parameters.append(credential.isBackupEligible)
        parameters.append(credential.isBackedUp)
        parameters.append(credential.aaguid.bytes)
        parameters.append(credential.transports.map(\.rawValue).joined(separator: " "))
        parameters.append(name)
        parameters.append(now)
    }
}

/// Notes an assertion that held, if no other one was noted meanwhile (Level 3 section 7.2 step 24).
struct UsePasskey: Statement {
    static let sql: SQL = """
        UPDATE passkeys SET signature_count = ?, is_backed_up = ?, is_user_verified = is_user_verified OR ?, last_used_at = ?
        WHERE id = ? AND signature_count = ?
        """

    let row: PasskeyRow
    let assertion: VerifiedAssertion
    /// Whether it knew its owner, and is believed.
    let isUserVerified: Bool
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        // A count that goes back is not taken over.
        parameters.append(max(assertion.signatureCount, row.signatureCount))
        parameters.append(assertion.isBackedUp)
        parameters.append(isUserVerified)
        parameters.append(now)
        parameters.append(row.passkey.id)
        parameters.append(row.signatureCount)
    }
}

/// Notes that a passkey's counter went back.
struct SuspectPasskey: Statement {
    static let sql: SQL = "UPDATE passkeys SET suspected_copy_at = ? WHERE id = ?"

    let passkey: PasskeyID
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(now)
        parameters.append(passkey)
    }
}

/// Gives a passkey another name.
struct RenamePasskey: Statement {
    static let sql: SQL = "UPDATE passkeys SET name = ? WHERE id = ?"

    let passkey: PasskeyID
    let name: String

    func bind(to parameters: inout Parameters) {
        parameters.append(name)
        parameters.append(passkey)
    }
}

/// Removes a passkey.
struct DeletePasskey: Statement {
    static let sql: SQL = "DELETE FROM passkeys WHERE id = ?"
    let passkey: PasskeyID
    func bind(to parameters: inout Parameters) { parameters.append(passkey) }
}

/// The handle of a user.
struct ReadUserHandle: Statement {
    static let sql: SQL = "SELECT handle FROM user_handles WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> [UInt8] { try columns.next() }
}

/// Gives a user a handle.
struct InsertUserHandle: Statement {
    static let sql: SQL = "INSERT INTO user_handles (user_id, handle) VALUES (?, ?)"

    let user: UserID
    let handle: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(handle)
    }
}
