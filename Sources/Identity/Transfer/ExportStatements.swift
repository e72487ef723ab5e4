import Cryptography
import MariaDB

/// The users of one page of an export: those with ids above `after`, up to and including `last`.
struct ExportRange: Sendable {
    let after: UserID
    let last: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(last)
    }
}

/// Something that a user has.
struct OfUser<Value: Sendable>: Sendable {
    let user: UserID
    let value: Value
}

/// One kind of row of the users of a page, each with its user.
protocol ExportRead: Statement {
    var range: ExportRange { get }
}

extension ExportRead {
    func bind(to parameters: inout Parameters) { range.bind(to: &parameters) }
}

extension Transaction {
    /// The rows of a page by user.
    func byUser<Read: ExportRead, Value>(
        _ read: Read
    ) throws(DatabaseError) -> [UserID: [Value]] where Read.Row == OfUser<Value> {
        var found: [UserID: [Value]] = [:]
        for row in try all(read) { found[row.user, default: []].append(row.value) }
        return found
    }
}

struct ExportNames: ExportRead {
    static let sql: SQL = """
        SELECT user_id, id, kind, value, verified_at, is_primary, created_at FROM user_identifiers
        WHERE user_id > ? AND user_id <= ?
        """
    typealias Row = OfUser<UserRecord.Identifier>
    let range: ExportRange

    static func row(
        from columns: inout Columns
    ) throws(DatabaseError) -> Row {
        let (user, id) = (try columns.next(UserID.self), try columns.next(IdentifierID.self))
        let identifier = UserRecord.Identifier(
            kind: try columns.next(IdentifierKind.self),
            value: try columns.next(),
            verifiedAt: try columns.nextOptional(),
            isPrimary: try columns.next(),
            id: id.description,
            createdAt: try columns.next(Timestamp.self)
        )
        return OfUser(user: user, value: identifier)
    }
}

struct ExportProfiles: ExportRead {
    static let sql: SQL =
        "SELECT user_id, document, revision, updated_at FROM profiles WHERE user_id > ? AND user_id <= ?"
    typealias Row = OfUser<StoredProfile>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        let profile = StoredProfile(
            userID: user,
            document: try ProfileDocument(stored: try columns.next()),
            revision: try columns.next(),
            updatedAt: try columns.next(Timestamp.self)
        )
        return OfUser(user: user, value: profile)
    }
}

/// A role or group that somebody has, before it is known what it is called.
struct HeldRecord<Held>: Sendable {
    let id: ID<Held>
    let membership: UserRecord.Membership

    /// By its name; nil for what the export does not have.
    func named(_ names: [ID<Held>: String]) -> UserRecord.Membership? {
        guard let name = names[id] else { return nil }
        var named = membership
        named.name = name
        return named
    }
}

/// Roles or groups of users or groups.
struct ExportMemberships<Kind: AssignmentKind>: ExportRead {
    static var sql: SQL {
        let columns: SQL = ", a.may_grant, a.expires_at, a.assigned_at, a.assigned_by_kind, a.assigned_by FROM "
        let source = "SELECT a." + Kind.holderColumn + ", a." + Kind.heldColumn + columns + Kind.table
        return source + " a WHERE a." + Kind.holderColumn + " > ? AND a." + Kind.holderColumn + " <= ?"
    }
    typealias Row = OfUser<HeldRecord<Kind.Held>>
    let range: ExportRange

    static func row(
        from columns: inout Columns
    ) throws(DatabaseError) -> Row {
        let (user, held) = (try columns.next(UserID.self), try columns.next(ID<Kind.Held>.self))
        let terms = AssignmentTerms(mayGrant: try columns.next(), expiresAt: try columns.nextOptional())
        let assignedAt = try columns.next(Timestamp.self)
        let assigner = Assigner(kind: try columns.next(), id: try columns.nextOptional())
        let membership = UserRecord.Membership(
            name: "",
            terms: terms,
            assignedAt: assignedAt,
            assignerKind: assigner.kind,
            assignerID: assigner.idText
        )
        return OfUser(user: user, value: HeldRecord(id: held, membership: membership))
    }
}

/// What groups are nested in.
struct ExportNesting: ExportRead {
    static let sql: SQL = """
        SELECT child_id, parent_id, assigned_at, assigned_by_kind, assigned_by FROM group_edges
        WHERE child_id > ? AND child_id <= ?
        """
    typealias Row = OfUser<HeldRecord<IDKind.Group>>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let (child, parent) = (try columns.next(UserID.self), try columns.next(GroupID.self))
        let assignedAt = try columns.next(Timestamp.self)
        let assigner = Assigner(kind: try columns.next(), id: try columns.nextOptional())
        let membership = UserRecord.Membership(
            name: "",
            assignedAt: assignedAt,
            assignerKind: assigner.kind,
            assignerID: assigner.idText
        )
        return OfUser(user: child, value: HeldRecord(id: parent, membership: membership))
    }
}

struct ExportHandles: ExportRead {
    static let sql: SQL = "SELECT user_id, handle FROM user_handles WHERE user_id > ? AND user_id <= ?"
    typealias Row = OfUser<[UInt8]>
    let range: ExportRange
    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        OfUser(user: try columns.next(), value: try columns.next())
    }
}

struct ExportPasskeys: ExportRead {
    static let sql: SQL = """
        SELECT user_id, id, credential_id, public_key, relying_party_id, signature_count, is_user_verified,
            is_backup_eligible, is_backed_up, aaguid, transports, name, created_at, last_used_at, suspected_copy_at, handle
        FROM passkeys WHERE user_id > ? AND user_id <= ?
        """
    typealias Row = OfUser<UserRecord.Passkey>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        var passkey = UserRecord.Passkey()
        passkey.id = try columns.next(PasskeyID.self).description
        passkey.credentialID = try columns.next()
        passkey.publicKey = try columns.next()
        passkey.relyingPartyID = try columns.next()
        passkey.signatureCount = try columns.next()
        passkey.isUserVerified = try columns.next()
        passkey.isBackupEligible = try columns.next()
        passkey.isBackedUp = try columns.next()
        passkey.aaguid = try columns.next()
        passkey.transports = try columns.next(String.self).split(separator: " ").map(String.init)
        passkey.name = try columns.next()
        passkey.createdAt = try columns.next(Timestamp.self)
        passkey.lastUsedAt = try columns.nextOptional()
        passkey.suspectedCopyAt = try columns.nextOptional()
        passkey.handle = try columns.nextOptional() ?? []
        return OfUser(user: user, value: passkey)
    }
}

struct ExportLogins: ExportRead {
    static let sql: SQL = """
        SELECT l.user_id, l.id, p.name, l.issuer, l.subject, l.label, l.created_at, l.last_used_at
        FROM external_logins l JOIN external_providers p ON p.id = l.provider_id
        WHERE l.user_id > ? AND l.user_id <= ?
        """
    typealias Row = OfUser<UserRecord.ExternalLogin>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        var login = UserRecord.ExternalLogin()
        login.id = try columns.next(ExternalLoginID.self).description
        login.provider = try columns.next()
        login.issuer = try columns.next()
        login.subject = try columns.next()
        login.label = try columns.next()
        login.createdAt = try columns.next(Timestamp.self)
        login.lastUsedAt = try columns.nextOptional()
        return OfUser(user: user, value: login)
    }
}

struct ExportPasswords: ExportRead {
    static let sql: SQL = """
        SELECT user_id, record, pepper_key_id, normalization, is_long, changed_at, reset_demanded_at FROM passwords
        WHERE user_id > ? AND user_id <= ?
        """
    typealias Row = OfUser<UserRecord.Password>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        var password = try UserRecord.Password(from: &columns)
        password.isShort = try !columns.next(Bool.self)
        password.changedAt = try columns.next(Timestamp.self)
        password.resetDemandedAt = try columns.nextOptional()
        return OfUser(user: user, value: password)
    }
}

struct ExportFormerPasswords: ExportRead {
    static let sql: SQL = """
        SELECT user_id, record, pepper_key_id, normalization, changed_at FROM former_passwords
        WHERE user_id > ? AND user_id <= ?
        """
    typealias Row = OfUser<UserRecord.Password>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        var password = try UserRecord.Password(from: &columns)
        password.changedAt = try columns.next(Timestamp.self)
        return OfUser(user: user, value: password)
    }
}

extension UserRecord.Password {
    fileprivate init(from columns: inout Columns) throws(DatabaseError) {
        self.init(record: SecretBytes(copying: try columns.next([UInt8].self)))
        pepperKeyID = try columns.nextOptional() ?? 0
        normalization = UInt32(try columns.next(UInt16.self))
    }
}

/// Authenticator apps that were confirmed, their secrets sealed.
struct ExportTOTPDevices: ExportRead {
    static let sql: SQL = TOTPRow.select + " WHERE user_id > ? AND user_id <= ? AND confirmed_at IS NOT NULL"
    typealias Row = OfUser<TOTPRow>
    let range: ExportRange

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let row = try TOTPRow(from: &columns)
        return OfUser(user: row.device.userID, value: row)
    }
}

struct ExportRecoveryCodes: ExportRead {
    static let sql: SQL = """
        SELECT user_id, id, lookup, record, pepper_key_id, created_at FROM recovery_codes WHERE user_id > ? AND user_id <= ?
        """
    typealias Row = OfUser<UserRecord.RecoveryCode>
    let range: ExportRange

    static func row(
        from columns: inout Columns
    ) throws(DatabaseError) -> Row {
        let (user, id) = (try columns.next(UserID.self), try columns.next(RecoveryCodeID.self))
        let lookup = try columns.next(UInt16.self)
        let record = SecretBytes(copying: try columns.next([UInt8].self))
        var code = UserRecord.RecoveryCode(record: record, pepperKeyID: try columns.next(), lookup: UInt32(lookup))
        code.id = id.description
        code.createdAt = try columns.next(Timestamp.self)
        return OfUser(user: user, value: code)
    }
}
