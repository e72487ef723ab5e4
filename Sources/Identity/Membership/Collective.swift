package import MariaDB

/// A role or a group: a name with what is common to both.
package struct Collective<Kind: CollectiveKind>: Sendable, Hashable, Codable {
    package let id: ID<Kind>
    /// Unique without regard to case and form; 1 to 200 characters, trimmed.
    package var name: String
    package var description: String
    /// What sign-ins of everybody who has the role, or is in the group, must reach.
    package var demand: AssuranceDemand
    package var revision: UInt64
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
}

/// What a person may do, by name; given to users and to groups.
package typealias Role = Collective<IDKind.Role>
/// Users taken together; groups nest.
package typealias Group = Collective<IDKind.Group>

/// What sets roles and groups apart where their code is the same.
package protocol CollectiveKind: Sendable {
    /// The table, after `FROM `, `INTO ` or `UPDATE `.
    static var table: SQL { get }
    /// The UNIQUE index of its names.
    static var nameIndex: String { get }
    /// In page tokens.
    static var listName: StaticString { get }
    static var nameTaken: FlowError { get }
    static var created: AuditEventKind { get }
    static var updated: AuditEventKind { get }
    static var deleted: AuditEventKind { get }
}

extension IDKind.Role: CollectiveKind {
    package static let table: SQL = "roles"
    package static let nameIndex = "roles_name"
    package static let listName: StaticString = "roles"
    package static let nameTaken = FlowError(
        .alreadyExists,
        reason: .roleNameTaken,
        message: "another role has this name",
        field: "name"
    )
    package static let created = AuditEventKind.roleCreated
    package static let updated = AuditEventKind.roleUpdated
    package static let deleted = AuditEventKind.roleDeleted
}

extension IDKind.Group: CollectiveKind {
    package static let table: SQL = "user_groups"
    package static let nameIndex = "user_groups_name"
    package static let listName: StaticString = "groups"
    package static let nameTaken = FlowError(
        .alreadyExists,
        reason: .groupNameTaken,
        message: "another group has this name",
        field: "name"
    )
    package static let created = AuditEventKind.groupCreated
    package static let updated = AuditEventKind.groupUpdated
    package static let deleted = AuditEventKind.groupDeleted
}
