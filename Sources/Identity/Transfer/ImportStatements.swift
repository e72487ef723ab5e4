import Cryptography
import MariaDB
import OneTimePasswords

/// Which of these ids users have.
struct UsersWithID: KeyedRead {
    static let selectIn: SQL = "SELECT id, id FROM users WHERE id IN"
    let keys: ArraySlice<UserID>
    static func row(from columns: inout Columns) throws(DatabaseError) -> (key: UserID, user: UserID) {
        (try columns.next(), try columns.next())
    }
}

/// Who has these external ids.
struct UsersWithExternalID: KeyedRead {
    static let selectIn: SQL = "SELECT external_id, id FROM users WHERE external_id IN"
    let keys: ArraySlice<ExternalID>
    static func row(from columns: inout Columns) throws(DatabaseError) -> (key: ExternalID, user: UserID) {
        (try columns.next(), try columns.next())
    }
}

/// Who has these e-mail addresses, by their canonical bytes.
struct UsersWithEmail: KeyedRead {
    static let selectIn: SQL = "SELECT canonical, user_id FROM user_identifiers WHERE kind = 1 AND canonical IN"
    let keys: ArraySlice<[UInt8]>
    static func row(from columns: inout Columns) throws(DatabaseError) -> (key: [UInt8], user: UserID) {
        (try columns.next(), try columns.next())
    }
}

/// Who has these phone numbers, by their canonical bytes.
struct UsersWithPhone: KeyedRead {
    static let selectIn: SQL = "SELECT canonical, user_id FROM user_identifiers WHERE kind = 2 AND canonical IN"
    let keys: ArraySlice<[UInt8]>
    static func row(from columns: inout Columns) throws(DatabaseError) -> (key: [UInt8], user: UserID) {
        (try columns.next(), try columns.next())
    }
}

/// Who has these user names, by their canonical bytes.
struct UsersWithUsername: KeyedRead {
    static let selectIn: SQL = "SELECT canonical, user_id FROM user_identifiers WHERE kind = 3 AND canonical IN"
    let keys: ArraySlice<[UInt8]>
    static func row(from columns: inout Columns) throws(DatabaseError) -> (key: [UInt8], user: UserID) {
        (try columns.next(), try columns.next())
    }
}

/// From which rows these users were imported last, and which revisions they have now.
struct ImportMarks: KeyedRead {
    struct Row: Sendable {
        let user: UserID
        let digest: [UInt8]
        /// Nobody changed user or profile since.
        let isUntouched: Bool
    }

    static let selectIn: SQL = """
        SELECT m.user_id, m.digest, u.revision = m.user_revision AND COALESCE(p.revision, 0) = m.profile_revision
        FROM user_imports m JOIN users u ON u.id = m.user_id LEFT JOIN profiles p ON p.user_id = m.user_id
        WHERE m.user_id IN
        """
    let keys: ArraySlice<UserID>
    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(user: try columns.next(), digest: try columns.next(), isUntouched: try columns.next())
    }
}

/// Notes from which row a user was imported.
struct InsertImportMark: Statement {
    static let sql: SQL = """
        INSERT INTO user_imports (user_id, digest, user_revision, profile_revision, imported_at) VALUES (?, ?, ?, ?, ?)
        """
    let user: UserID
    let digest: [UInt8]
    let userRevision: UInt64
    let profileRevision: UInt64
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(digest)
        parameters.append(userRevision)
        parameters.append(profileRevision)
        parameters.append(now)
    }
}

/// Forgets from which row a user was imported.
struct DeleteImportMark: Statement {
    static let sql: SQL = "DELETE FROM user_imports WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Adds a user in any state.
struct InsertImportedUser: Statement {
    static let sql: SQL = """
        INSERT INTO users (state, state_reason, state_actor_kind, state_actor_id, state_changed_at, locked_until,
            delete_after, restore_state, external_id, revision, created_at, updated_at, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    let row: UserRow

    func bind(to parameters: inout Parameters) {
        let user = row.user
        parameters.append(user.state)
        parameters.append(user.stateReason)
        parameters.append(user.stateChange?.actor.rawValue)
        parameters.append(user.stateChange?.actorID)
        parameters.append(user.stateChange?.changedAt)
        parameters.append(user.lockedUntil)
        parameters.append(user.deleteAfter)
        parameters.append(row.restoreState)
        parameters.append(user.externalID.flatMap(ExternalID.init))
        parameters.append(user.revision)
        parameters.append(user.createdAt)
        parameters.append(user.updatedAt)
        parameters.append(user.id)
    }
}

/// Adds a profile where there is none.
struct InsertProfile: Statement {
    static let sql: SQL = "INSERT INTO profiles (user_id, document, revision, updated_at) VALUES (?, ?, ?, ?)"
    let user: UserID
    let document: ProfileDocument
    let revision: UInt64
    let updatedAt: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(SQLJSON(document.text))
        parameters.append(revision)
        parameters.append(updatedAt)
    }
}

/// Adds one value to the index of profiles.
struct InsertIndexEntry: Statement {
    static let sql: SQL = "INSERT INTO profile_index (user_id, attribute, position, sort_key) VALUES (?, ?, ?, ?)"
    let user: UserID
    let entry: ProfileIndexEntries.Entry

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(entry.attribute)
        parameters.append(entry.position)
        parameters.append(entry.sortKey)
    }
}

/// Adds a password as it was.
struct InsertImportedPassword: Statement {
    static let sql: SQL = """
        INSERT INTO passwords (user_id, record, pepper_key_id, normalization, is_long, changed_at, reset_demanded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
    let user: UserID
    let stored: StoredPassword

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        stored.hashed.append(to: &parameters)
        parameters.append(stored.isLong)
        parameters.append(stored.changedAt)
        parameters.append(stored.resetDemandedAt)
    }
}

/// Adds an authenticator app that was confirmed elsewhere.
struct InsertImportedDevice: Statement {
    static let sql: SQL = """
        INSERT INTO totp_devices (id, user_id, name, secret, hash, digits, period, last_step, created_at, confirmed_at,
            last_used_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    let device: TOTPDevice
    let secret: [UInt8]
    let lastStep: Int64?

    func bind(to parameters: inout Parameters) {
        parameters.append(device.id)
        parameters.append(device.userID)
        parameters.append(device.name)
        parameters.append(secret)
        parameters.append(device.parameters.hash.rawValue)
        parameters.append(UInt8(clamping: device.parameters.digits))
        parameters.append(UInt16(clamping: device.parameters.period))
        parameters.append(lastStep)
        parameters.append(device.createdAt)
        parameters.append(device.confirmedAt)
        parameters.append(device.lastUsedAt)
    }
}

/// Adds a passkey that was registered elsewhere.
struct InsertImportedPasskey: Statement {
    static let sql: SQL = """
        INSERT INTO passkeys (id, user_id, credential_id, public_key, relying_party_id, signature_count,
            is_user_verified, is_backup_eligible, is_backed_up, aaguid, transports, name, created_at, last_used_at,
            suspected_copy_at, handle)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    let id: PasskeyID
    let user: UserID
    let record: UserRecord.Passkey
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(user)
        parameters.append(record.credentialID)
        parameters.append(record.publicKey)
        parameters.append(record.relyingPartyID)
        parameters.append(record.signatureCount)
        parameters.append(record.isUserVerified)
        parameters.append(record.isBackupEligible)
        parameters.append(record.isBackedUp)
        parameters.append(record.aaguid.isEmpty ? [UInt8](repeating: 0, count: 16) : record.aaguid)
        parameters.append(record.transports.joined(separator: " "))
        parameters.append(record.name)
        parameters.append(record.createdAt ?? now)
        parameters.append(record.lastUsedAt)
        parameters.append(record.suspectedCopyAt)
        parameters.append(record.handle.isEmpty ? nil : record.handle)
    }
}

/// Gives a new user something.
struct InsertAssignment<Kind: AssignmentKind>: Statement {
    static var sql: SQL {
        "INSERT INTO " + Kind.table + " (" + Kind.holderColumn + ", " + Kind.heldColumn
            + ", may_grant, expires_at, assigned_at, assigned_by_kind, assigned_by) VALUES (?, ?, ?, ?, ?, ?, ?)"
    }
    let assignment: Assignment<Kind>

    func bind(to parameters: inout Parameters) { WriteAssignment(assignment: assignment).bind(to: &parameters) }
}

/// Removes all names of a user.
struct DeleteIdentifiersOfUser: Statement {
    static let sql: SQL = "DELETE FROM user_identifiers WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Removes all authenticator apps of a user.
struct DeleteTOTPDevices: Statement {
    static let sql: SQL = "DELETE FROM totp_devices WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Removes all passkeys of a user.
struct DeletePasskeys: Statement {
    static let sql: SQL = "DELETE FROM passkeys WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// Takes the handle of a user away.
struct DeleteUserHandle: Statement {
    static let sql: SQL = "DELETE FROM user_handles WHERE user_id = ?"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
}

/// The names of a user as they are now, locked until the transaction ends.
struct LockIdentifiers: Statement {
    static let sql: SQL =
        "SELECT id, kind, value, verified_at, is_primary FROM user_identifiers WHERE user_id = ? FOR UPDATE"
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserIdentifier {
        UserIdentifier(
            id: try columns.next(),
            kind: try columns.next(),
            value: try columns.next(),
            verifiedAt: try columns.nextOptional(),
            isPrimary: try columns.next()
        )
    }
}

/// A row when somebody ever signed in as a user, proved a name or gave them a factor, here and not where they come from.
///
/// The reads lock, so that they see a sign-in that was committed since the transaction first read anything.
struct AccountWasUsedHere: Statement {
    static let sql: SQL = """
        SELECT u.id FROM users u WHERE u.id = ? AND (
            EXISTS(SELECT 1 FROM sessions s WHERE s.user_id = u.id LOCK IN SHARE MODE)
            OR EXISTS(SELECT 1 FROM audit_events a WHERE a.subject_user_id = u.id
                AND a.kind IN ('session.created', 'identifier.verified', 'authenticator.added', 'authenticator.removed')
                LOCK IN SHARE MODE))
        """
    let user: UserID
    func bind(to parameters: inout Parameters) { parameters.append(user) }
    static func row(from columns: inout Columns) throws(DatabaseError) -> UserID { try columns.next() }
}
