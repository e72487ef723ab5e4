import Cryptography
import JSON
import MariaDB

/// A record of which everything was read and found good, as far as that can be told without other users.
struct CheckedRecord: Sendable {
    struct Name: Sendable {
        let id: IdentifierID?
        let name: LoginName
        let verifiedAt: Timestamp?
        let isPrimary: Bool
        let createdAt: Timestamp?
    }

    struct Membership: Sendable {
        let name: UniqueName
        let record: UserRecord.Membership
        /// Of who gave it.
        let assignerID: [UInt8]?
        let field: String
    }

    struct Passkey: Sendable {
        let id: PasskeyID?
        let record: UserRecord.Passkey
    }

    struct Login: Sendable {
        let id: ExternalLoginID?
        let record: UserRecord.ExternalLogin
        let field: String
    }

    struct Device: Sendable {
        let id: TOTPDeviceID?
        let record: UserRecord.Device
    }

    struct RecoveryCode: Sendable {
        let id: RecoveryCodeID?
        let lookup: UInt16
        let hashed: HashedPassword
        let createdAt: Timestamp?
    }

    var record: UserRecord
    var id: UserID?
    var externalID: ExternalID?
    var names: [Name] = []
    /// nil where the record tells nothing of the profile.
    var document: ProfileDocument?
    var entries: ProfileIndexEntries?
    var roles: [Membership] = []
    var groups: [Membership] = []
    var passkeys: [Passkey] = []
    var logins: [Login] = []
    var password: StoredPassword?
    var formerPasswords: [StoredPassword] = []
    var devices: [Device] = []
    var recoveryCodes: [RecoveryCode] = []

    /// Whether it has anything that lets somebody in.
    var hasAuthenticators: Bool {
        password != nil || !formerPasswords.isEmpty || !devices.isEmpty || !recoveryCodes.isEmpty || !passkeys.isEmpty
            || !record.handle.isEmpty || !logins.isEmpty
    }
}

/// Reads a record, telling every problem at once.
struct RecordCheck {
    let parts: CoreParts
    let schema: ProfileSchema
    let now: Timestamp
    private(set) var problems: [FlowError.FieldProblem] = []

    init(parts: CoreParts, schema: ProfileSchema, at now: Timestamp) {
        self.parts = parts
        self.schema = schema
        self.now = now
    }

    /// The record, when nothing is wrong with it.
    mutating func checked(_ record: UserRecord) -> CheckedRecord? {
        var checked = CheckedRecord(record: record)
        checked.id = id(record.id, "id")
        checked.externalID = externalID(record.externalID)
        checkState(record)
        checkTimes(record)
        checked.names = names(record.identifiers)
        readProfile(&checked)
        checked.roles = memberships(record.roles, "roles")
        checked.groups = memberships(record.groups, "groups")
        checked.passkeys = passkeys(record)
        checked.logins = logins(record)
        readSecrets(&checked)
        if record.id.isEmpty, record.externalID.isEmpty, record.identifiers.isEmpty {
            add("identifiers", .fieldRequired, "needs an id, an external id or a name, to be known again by")
        }
        return problems.isEmpty ? checked : nil
    }

    mutating func add(_ field: String, _ reason: ReasonID, _ description: String) {
        guard problems.count < 100 else { return }
        problems.append(.init(field: field, reason: reason, description: description))
    }

    mutating func id<Kind>(_ text: String, _ field: String) -> ID<Kind>? {
        guard !text.isEmpty else { return nil }
        if let id = ID<Kind>(text: text), id != .zero { return id }
        add(field, .fieldInvalid, "must be a UUID")
        return nil
    }

    /// Takes the problem of a check that throws one.
    mutating func take<Value>(_ field: String, _ read: () throws(FlowError) -> Value) -> Value? {
        do {
            return try read()
        } catch {
            guard case .invalidInput(let found) = error.code else {
                add(field, error.reason, error.message)
                return nil
            }
            for problem in found { add(field, problem.reason, problem.description) }
            return nil
        }
    }

    private mutating func externalID(_ text: String) -> ExternalID? {
        guard !text.isEmpty else { return nil }
        if let id = ExternalID(text) { return id }
        add("external_id", .fieldInvalid, "must have 1 to 200 characters without controls")
        return nil
    }

    private mutating func checkState(_ record: UserRecord) {
        if record.state == .locked, record.lockedUntil == nil {
            add("locked_until", .fieldRequired, "a locked user needs the end of the lock")
        }
        if record.state == .pendingDeletion, record.deleteAfter == nil {
            add("delete_after", .fieldRequired, "a user who is pending deletion needs the end of the undo window")
        }
        if record.restoreState == .pendingDeletion {
            add("restore_state", .fieldInvalid, "nobody goes back to being deleted")
        }
        if record.state != .locked, record.isLockedThen, record.lockedUntil == nil {
            add("locked_until", .fieldRequired, "a user who goes back to being locked needs the end of the lock")
        }
        let reason = record.stateReason.unicodeScalars
        let isPlain = reason.allSatisfy { $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" }
        if reason.count > 500 || !isPlain {
            add("state_reason", .fieldInvalid, "must have at most 500 characters without controls")
        }
        if record.revision > Self.largestRevision || record.profileRevision > Self.largestRevision {
            add("revision", .fieldInvalid, "must be at most \(Self.largestRevision)")
        }
    }

    /// Far from what a counter of changes reaches.
    private static let largestRevision: UInt64 = 1 << 62

    private mutating func checkTimes(_ record: UserRecord) {
        let times: [(String, Timestamp?)] = [
            ("create_time", record.createdAt), ("update_time", record.updatedAt),
            ("locked_until", record.lockedUntil), ("delete_after", record.deleteAfter),
            ("state_change.change_time", record.stateChange?.changedAt),
            ("profile_update_time", record.profileUpdatedAt),
        ]
        for (field, time) in times { checkTime(time, field) }
    }

    /// The name of a role or group, when nothing is wrong with its record.
    mutating func checked(_ record: CollectiveRecord) -> CollectiveRecord.Checked? {
        let name = take("name") { () throws(FlowError) in try UniqueName.checked(record.name) }
        let description = take("description") { () throws(FlowError) in
            try DescriptionText.checked(record.description)
        }
        let id: UserID? = id(record.id, "id")
        for (field, time) in [("create_time", record.createdAt), ("update_time", record.updatedAt)] {
            checkTime(time, field)
        }
        if record.revision > Self.largestRevision {
            add("revision", .fieldInvalid, "must be at most \(Self.largestRevision)")
        }
        let roles = memberships(record.roles, "roles")
        let parents = memberships(record.parents, "parents")
        guard problems.isEmpty, let name, let description else { return nil }
        return .init(
            record: record,
            id: id?.bytes,
            name: name,
            description: description,
            roles: roles,
            parents: parents
        )
    }

    /// What the database can keep, and lies at a distance from the ends of what it can.
    mutating func checkTime(_ time: Timestamp?, _ field: String) {
        guard let time, !Self.years.contains(time) else { return }
        add(field, .fieldInvalid, "must lie in the years 1900 to 9998")
    }

    private static let years =
        Timestamp(
            microsecondsSinceEpoch: -2_208_988_800_000_000
        )...Timestamp(microsecondsSinceEpoch: 253_370_764_799_000_000)

    private mutating func names(_ identifiers: [UserRecord.Identifier]) -> [CheckedRecord.Name] {
        if identifiers.count > 20 { add("identifiers", .fieldTooLong, "at most 20 identifiers") }
        var (names, seen) = ([CheckedRecord.Name](), Set<LoginKey>())
        for (index, identifier) in identifiers.prefix(20).enumerated() {
            let field = "identifiers[\(index)]"
            guard let kind = identifier.kind else {
                add("\(field).kind", .fieldInvalid, "must be a kind of identifier")
                continue
            }
            checkTime(identifier.verifiedAt, "\(field).verify_time")
            checkTime(identifier.createdAt, "\(field).create_time")
            let id: IdentifierID? = id(identifier.id, "\(field).id")
            guard let name = LoginName(kind, identifier.value) else {
                add("\(field).value", kind.invalidReason, "not a valid \(kind.noun)")
                continue
            }
            guard seen.insert(LoginKey(name)).inserted else {
                add("\(field).value", .fieldInvalid, "stands in the row twice")
                continue
            }
            names.append(
                CheckedRecord.Name(
                    id: id,
                    name: name,
                    verifiedAt: identifier.verifiedAt ?? (identifier.isVerified ? now : nil),
                    isPrimary: identifier.isPrimary,
                    createdAt: identifier.createdAt
                )
            )
        }
        return primaries(names)
    }

    private mutating func primaries(_ names: [CheckedRecord.Name]) -> [CheckedRecord.Name] {
        let usernames = names.count { $0.name.kind == .username }
        if usernames > 1 { add("identifiers", .fieldInvalid, "at most one user name") }
        var open: Set<IdentifierKind> = []
        for kind in IdentifierKind.allCases {
            let count = names.count { $0.name.kind == kind && $0.isPrimary }
            if count == 0 { open.insert(kind) }
            if count > 1 { add("identifiers", .fieldInvalid, "at most one primary \(kind.noun)") }
        }
        return names.map { name in
            CheckedRecord.Name(
                id: name.id,
                name: name.name,
                verifiedAt: name.verifiedAt,
                isPrimary: name.isPrimary || open.remove(name.name.kind) != nil,
                createdAt: name.createdAt
            )
        }
    }

    private mutating func readProfile(_ checked: inout CheckedRecord) {
        guard let profile = checked.record.profile else { return }
        guard case .object(let members) = profile else {
            return add("profile", .fieldInvalid, "must be an object")
        }
        var changes = ProfileChanges()
        for member in members {
            guard let path = AttributePath(member.name), path.codes.count == 1 else {
                add("profile", .attributeUnknown, "holds a name that no attribute can have")
                continue
            }
            changes.values.append((path: path, value: member.value))
        }
        var document = ProfileDocument()
        do throws(FlowError) {
            _ = try ProfileStore.change(&document, changes, .server, schema)
        } catch {
            guard case .invalidInput(let found) = error.code else { return }
            for problem in found { add(problem.field, problem.reason, problem.description) }
            return
        }
        checked.document = document
        checked.entries = ProfileIndexEntries(of: document, attributes: schema.attributes.filter(\.isIndexed))
    }

    mutating func memberships(
        _ records: [UserRecord.Membership],
        _ field: String
    ) -> [CheckedRecord.Membership] {
        var seen: Set<[UInt8]> = []
        return records.enumerated().compactMap { index, record in
            let field = "\(field)[\(index)]"
            checkTime(record.terms.expiresAt, "\(field).expire_time")
            checkTime(record.assignedAt, "\(field).assign_time")
            let assigner: UserID? = id(record.assignerID, "\(field).assigner_id")
            guard let name = UniqueName(record.name) else {
                add("\(field).name", .fieldInvalid, "must be a name of 1 to 200 characters")
                return nil
            }
            guard seen.insert(name.canonical).inserted else {
                add("\(field).name", .fieldInvalid, "stands in the row twice")
                return nil
            }
            // What is over counts for nothing.
            guard record.terms.counts(at: now) else { return nil }
            return CheckedRecord.Membership(name: name, record: record, assignerID: assigner?.bytes, field: field)
        }
    }
}

/// A name to be compared with others.
struct LoginKey: Hashable {
    let kind: IdentifierKind
    let canonical: [UInt8]

    init(_ name: LoginName) {
        self.init(kind: name.kind, canonical: name.canonical)
    }

    init(kind: IdentifierKind, canonical: [UInt8]) {
        self.kind = kind
        self.canonical = canonical
    }
}
