import MariaDB

/// What the table says of a user, and of all names in one column.
struct UserRow: Sendable {
    var user: User
    /// The state to go back to when a deletion is undone.
    var restoreState: UserState?

    /// The columns of `users u` alone.
    fileprivate static let ownColumns: SQL = """
        SELECT u.id, u.state, u.state_reason, u.state_actor_kind, u.state_actor_id, u.state_changed_at, u.locked_until, u.delete_after, u.restore_state, u.external_id, u.revision,
            u.created_at, u.updated_at
        """

    /// The columns that `init(from:)` reads, of `users u`.
    static let select: SQL = ownColumns + packedIdentifiers

    private static let packedIdentifiers: SQL = """
        , (SELECT GROUP_CONCAT(HEX(i.id), ',', i.kind, ',', HEX(i.value), ',',
            IFNULL(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', i.verified_at), ''), ',', i.is_primary
            ORDER BY i.kind, i.id SEPARATOR ';') FROM user_identifiers i WHERE i.user_id = u.id) AS identifiers

        """

    init(user: User, restoreState: UserState?) {
        self.user = user
        self.restoreState = restoreState
    }

    /// Reads the columns of `select`.
    init(from columns: inout Columns) throws(DatabaseError) {
        try self.init(from: &columns) { columns throws(DatabaseError) in try PackedIdentifiers.read(from: &columns) }
    }

    /// Reads the own columns, and then the identifiers in a way of its own.
    fileprivate init(
        from columns: inout Columns,
        identifiers: (inout Columns) throws(DatabaseError) -> [UserIdentifier]
    ) throws(DatabaseError) {
        let id = try columns.next(UserID.self)
        let state = try columns.next(UserState.self)
        let reason = try columns.next(String.self)
        let stateChange = try StateChange(from: &columns)
        let lockedUntil = try columns.nextOptional(Timestamp.self)
        let deleteAfter = try columns.nextOptional(Timestamp.self)
        restoreState = try columns.nextOptional(UserState.self)
        let externalID = try columns.nextOptional(ExternalID.self)
        let revision = try columns.next(UInt64.self)
        let createdAt = try columns.next(Timestamp.self)
        let updatedAt = try columns.next(Timestamp.self)
        user = User(
            id: id,
            state: state,
            stateReason: reason,
            stateChange: stateChange,
            lockedUntil: lockedUntil,
            deleteAfter: deleteAfter,
            externalID: externalID?.text,
            identifiers: try identifiers(&columns),
            revision: revision,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
    }
}

extension StateChange {
    /// Reads the three columns; nil while nobody changed the state.
    fileprivate init?(from columns: inout Columns) throws(DatabaseError) {
        let actor = try columns.nextOptional(UInt8.self).flatMap(Actor.init(rawValue:))
        let id = try columns.nextOptional([UInt8].self)
        guard let changedAt = try columns.nextOptional(Timestamp.self), let actor else { return nil }
        self.init(actor: actor, actorID: id, changedAt: changedAt)
    }

    /// What the actor of a call does now.
    init(by context: CallContext, at now: Timestamp) {
        let actor = AuditActor(context.actor)
        self.init(actor: Actor(rawValue: actor.kind) ?? .server, actorID: actor.id, changedAt: now)
    }
}

/// A user by id, coalesced with others: a row for each identifier, since packing them costs the server more than
/// everything else that it does for this read.
enum UserByID: PointRead {
    static let selectIn: SQL = UserRow.ownColumns + identifierColumns

    private static let identifierColumns: SQL = """
        , i.id, i.kind, i.value, i.verified_at, i.is_primary
        FROM users u LEFT JOIN user_identifiers i ON i.user_id = u.id WHERE u.id IN
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> (UserID, UserRow) {
        let row = try UserRow(from: &columns) { columns throws(DatabaseError) in
            guard let id = try columns.nextOptional(IdentifierID.self) else { return [] }
            let identifier = UserIdentifier(
                id: id,
                kind: try columns.next(),
                value: try columns.next(),
                verifiedAt: try columns.nextOptional(),
                isPrimary: try columns.next()
            )
            return [identifier]
        }
        return (row.user.id, row)
    }

    /// Keeps the order of kinds and ids, in which rows mostly come: the server would sort a copy of all of them.
    static func add(_ row: UserRow, to found: inout UserRow) {
        found.user.identifiers += row.user.identifiers
        found.user.identifiers.sort { left, right in
            left.kind == right.kind
                ? left.id.bytes.lexicographicallyPrecedes(right.id.bytes) : left.kind.rawValue < right.kind.rawValue
        }
    }
}

/// A user by id, locked until the transaction ends.
struct LockUser: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.id = ? FOR UPDATE"

    let id: UserID

    func bind(to parameters: inout Parameters) { parameters.append(id) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// The user who has a name.
struct UserByName: Statement {
    static let sql: SQL =
        UserRow.select + "FROM user_identifiers n JOIN users u ON u.id = n.user_id WHERE n.kind = ? AND n.canonical = ?"

    let kind: IdentifierKind
    let canonical: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(kind)
        parameters.append(canonical)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}

/// The user whom an older system knew under an id.
struct UserByExternalID: Statement {
    static let sql: SQL = UserRow.select + "FROM users u WHERE u.external_id = ?"

    let externalID: ExternalID

    func bind(to parameters: inout Parameters) { parameters.append(externalID) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}
