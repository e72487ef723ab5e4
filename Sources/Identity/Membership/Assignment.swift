package import MariaDB

/// Something that was given to someone: a role to a user, group or service account, or a place in a group to a user.
package struct Assignment<Kind: AssignmentKind>: Sendable, Hashable, Codable {
    package let holder: ID<Kind.Holder>
    /// What was given.
    package let held: ID<Kind.Held>
    package var terms: AssignmentTerms
    package var assignedAt: Timestamp
    package var assignedBy: Assigner
}

/// How something is given.
package struct AssignmentTerms: Sendable, Hashable, Codable {
    /// Whether the holder may pass it on, and take it from others.
    package var mayGrant: Bool
    /// From this instant on it counts for nothing; nil: for good.
    package var expiresAt: Timestamp?

    package init(mayGrant: Bool = false, expiresAt: Timestamp? = nil) {
        self.mayGrant = mayGrant
        self.expiresAt = expiresAt
    }

    /// Whether it counts at `now`.
    func counts(at now: Timestamp) -> Bool { expiresAt.map { now < $0 } ?? true }
}

/// Who gave something.
package struct Assigner: Sendable, Hashable, Codable {
    /// What kind of actor.
    package enum Kind: UInt8, Sendable, Hashable, Codable {
        case serviceAccount = 1
        case user = 2
        case system = 3
    }

    package let kind: Kind
    /// 16 bytes of the id of the user or service account; nil for the server itself.
    package let id: [UInt8]?

    /// The id as text; empty for the server itself.
    package var idText: String { id.flatMap { UserID(bytes: $0)?.description } ?? "" }

    init(kind: Kind, id: [UInt8]?) {
        self.kind = kind
        self.id = id
    }

    init(_ actor: CallContext.Actor) {
        let actor = AuditActor(actor)
        self.init(kind: Kind(rawValue: actor.kind) ?? .system, id: actor.id)
    }
}

extension Assigner.Kind: SQLBindable, SQLReadable {}

/// Where assignments of one kind are kept, and what the audit trail says of them.
package protocol AssignmentKind: Sendable {
    /// The tag of the holder's id.
    associatedtype Holder
    /// The tag of the id of what is held.
    associatedtype Held
    /// The table, after `FROM `, `INTO ` or `UPDATE `.
    static var table: SQL { get }
    static var holderColumn: SQL { get }
    static var heldColumn: SQL { get }
    /// What of holder and held stands in the audit event: who it is about, and the other id.
    static func event(_ holder: ID<Holder>, _ held: ID<Held>, isGiven: Bool) -> AuditEvent
}

/// The kinds of assignments.
package enum AssignmentKinds {
    package enum RoleOfUser: AssignmentKind {
        package static let table: SQL = "user_roles"
        package static let holderColumn: SQL = "user_id"
        package static let heldColumn: SQL = "role_id"
        package static func event(_ holder: UserID, _ held: RoleID, isGiven: Bool) -> AuditEvent {
            AuditEvent(isGiven ? .roleGiven : .roleTaken, subjectUser: holder, subjectID: held.bytes)
        }
    }

    package enum RoleOfGroup: AssignmentKind {
        package static let table: SQL = "group_roles"
        package static let holderColumn: SQL = "group_id"
        package static let heldColumn: SQL = "role_id"
        package static func event(_ holder: GroupID, _ held: RoleID, isGiven: Bool) -> AuditEvent {
            let details = ["group_id": holder.description]
            return AuditEvent(isGiven ? .roleGiven : .roleTaken, subjectID: held.bytes, details: details)
        }
    }

    package enum RoleOfServiceAccount: AssignmentKind {
        package static let table: SQL = "service_account_roles"
        package static let holderColumn: SQL = "service_account_id"
        package static let heldColumn: SQL = "role_id"
        package static func event(_ holder: ServiceAccountID, _ held: RoleID, isGiven: Bool) -> AuditEvent {
            let details = ["service_account_id": holder.description]
            return AuditEvent(isGiven ? .roleGiven : .roleTaken, subjectID: held.bytes, details: details)
        }
    }

    package enum MemberOfGroup: AssignmentKind {
        package static let table: SQL = "group_members"
        package static let holderColumn: SQL = "user_id"
        package static let heldColumn: SQL = "group_id"
        package static func event(_ holder: UserID, _ held: GroupID, isGiven: Bool) -> AuditEvent {
            AuditEvent(isGiven ? .memberAdded : .memberRemoved, subjectUser: holder, subjectID: held.bytes)
        }
    }
}

// What giving something newly demands of whose sign-ins; nil where nobody signs in by it.
extension AssignmentKind {
    static func demand(
        _ holder: ID<Holder>,
        _ held: ID<Held>,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> (AssuranceDemand, DemandReach)? {
        let reach: DemandReach
        if let user = holder as? UserID {
            reach = .user(user)
        } else if let group = holder as? GroupID {
            reach = .group(group)
        } else {
            return nil
        }
        if let role = held as? RoleID {
            return (try transaction.first(DemandOfRole(role: role)) ?? .nothing, reach)
        }
        guard let group = held as? GroupID else { return nil }
        return (try transaction.first(DemandOfGroup(group: group, now: now)) ?? .nothing, reach)
    }
}
