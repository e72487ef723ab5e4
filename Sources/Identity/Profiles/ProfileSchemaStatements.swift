import Foundation
import MariaDB

/// The version of the schema in force, held shared so that it stays so until the transaction ends.
struct ShareSchemaVersion: Statement {
    static let sql: SQL = "SELECT version FROM guards WHERE name = 'profile_schema' LOCK IN SHARE MODE"

    static func row(from columns: inout Columns) throws(DatabaseError) -> UInt64 { try columns.next() }
}

/// The version of the schema in force, for a reader.
struct ReadSchemaVersion: Statement {
    static let sql: SQL = "SELECT version FROM guards WHERE name = 'profile_schema'"

    static func row(from columns: inout Columns) throws(DatabaseError) -> UInt64 { try columns.next() }
}

/// The version of the schema in force, locked for a change.
struct LockSchemaVersion: Statement {
    static let sql: SQL = "SELECT version FROM guards WHERE name = 'profile_schema' FOR UPDATE"

    static func row(from columns: inout Columns) throws(DatabaseError) -> UInt64 { try columns.next() }
}

/// Makes the next version the one in force.
struct RaiseSchemaVersion: Statement {
    static let sql: SQL = "UPDATE guards SET version = version + 1 WHERE name = 'profile_schema'"
}

/// One version of the schema.
struct ReadSchema: Statement {
    static let sql: SQL = "SELECT document FROM profile_schemas WHERE version = ?"

    let version: UInt64

    func bind(to parameters: inout Parameters) { parameters.append(version) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProfileSchema {
        let text = try columns.next(String.self)
        guard let schema = try? JSONDecoder().decode(ProfileSchema.self, from: Data(text.utf8)) else {
            throw DatabaseError(.protocol, "a stored profile schema cannot be read")
        }
        return schema
    }
}

/// The same, also where the version was written since the transaction first read anything.
struct ShareSchema: Statement {
    static let sql: SQL = ReadSchema.sql + " LOCK IN SHARE MODE"

    let version: UInt64

    func bind(to parameters: inout Parameters) { parameters.append(version) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProfileSchema {
        try ReadSchema.row(from: &columns)
    }
}

/// Adds a version of the schema.
struct InsertSchema: Statement {
    static let sql: SQL = "INSERT INTO profile_schemas (version, document, created_at) VALUES (?, ?, ?)"

    let version: UInt64
    let document: SQLJSON
    let now: Timestamp

    init(_ schema: ProfileSchema, now: Timestamp) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        version = schema.version
        document = SQLJSON(String(decoding: try encoder.encode(schema), as: UTF8.self))
        self.now = now
    }

    func bind(to parameters: inout Parameters) {
        parameters.append(version)
        parameters.append(document)
        parameters.append(now)
    }
}

/// What a change of the schema leaves to be done to all profiles.
struct ProfileTask: Sendable, Hashable {
    enum Kind: UInt8, Sendable, SQLBindable, SQLReadable {
        /// Index rows of an attribute are to be made.
        case fill = 1
        /// Index rows of an attribute are to be removed.
        case empty = 2
        /// Values of an attribute that is gone are to be removed, and its index rows.
        case strip = 3
    }

    let attribute: UInt32
    let kind: Kind
    let path: AttributePath
    /// All profiles of users up to this one are done.
    var doneTo: UserID
}

/// All tasks, in the order of their attributes' numbers.
struct ListProfileTasks: Statement {
    static let sql: SQL =
        "SELECT attribute, kind, path, done_to FROM profile_tasks WHERE attribute > 0 ORDER BY attribute"

    static func row(from columns: inout Columns) throws(DatabaseError) -> ProfileTask {
        let attribute = try columns.next(UInt32.self)
        let kind = try columns.next(ProfileTask.Kind.self)
        let column = columns.position
        guard let path = AttributePath(try columns.next(String.self)) else {
            throw columns.mismatch(at: column, wanted: "path of an attribute")
        }
        return ProfileTask(attribute: attribute, kind: kind, path: path, doneTo: try columns.next())
    }
}

/// Adds a task; what was to be done for the attribute before is not to be done any more.
struct PutProfileTask: Statement {
    static let sql: SQL = """
        INSERT INTO profile_tasks (attribute, kind, path, done_to, created_at) VALUES (?, ?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE kind = VALUES(kind), path = VALUES(path), done_to = VALUES(done_to)
        """

    let task: ProfileTask
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(task.attribute)
        parameters.append(task.kind)
        parameters.append(task.path.description)
        parameters.append(task.doneTo)
        parameters.append(now)
    }
}

/// Notes how far a task is, if it is still the one that was begun.
struct AdvanceProfileTask: Statement {
    static let sql: SQL = "UPDATE profile_tasks SET done_to = ? WHERE attribute = ? AND kind = ?"

    let task: ProfileTask

    func bind(to parameters: inout Parameters) {
        parameters.append(task.doneTo)
        parameters.append(task.attribute)
        parameters.append(task.kind)
    }
}

/// Removes a task that is done.
struct DeleteProfileTask: Statement {
    static let sql: SQL = "DELETE FROM profile_tasks WHERE attribute = ? AND kind = ?"

    let task: ProfileTask

    func bind(to parameters: inout Parameters) {
        parameters.append(task.attribute)
        parameters.append(task.kind)
    }
}

/// A batch of users in the order of their ids, each with his profile; nil for who has none.
struct ListProfiles: Statement {
    static let sql: SQL = """
        SELECT u.id, p.document FROM users u LEFT JOIN profiles p ON p.user_id = u.id WHERE u.id > ?
        ORDER BY u.id LIMIT ?
        """

    let after: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> (UserID, ProfileDocument?) {
        let user = try columns.next(UserID.self)
        let text = try columns.nextOptional(String.self)
        return (user, try text.map { text throws(DatabaseError) in try ProfileDocument(stored: text) })
    }
}

/// A batch of profiles, locked together with their users, users first: the order in which all writers lock.
struct LockProfiles: Statement {
    static let sql: SQL = """
        SELECT STRAIGHT_JOIN u.id, p.document, p.revision FROM users u JOIN profiles p ON p.user_id = u.id
        WHERE u.id > ? ORDER BY u.id LIMIT ? FOR UPDATE
        """

    let after: UserID
    let limit: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(after)
        parameters.append(limit)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredProfile {
        StoredProfile(
            userID: try columns.next(),
            document: try ProfileDocument(stored: try columns.next()),
            revision: try columns.next(),
            updatedAt: nil
        )
    }
}

/// Removes some index rows of an attribute.
struct EmptyIndex: Statement {
    static let sql: SQL = "DELETE FROM profile_index WHERE attribute = ? LIMIT 1000"

    let attribute: UInt32

    func bind(to parameters: inout Parameters) { parameters.append(attribute) }
}

/// Gives up some unique values of an attribute.
struct EmptyUniqueValues: Statement {
    static let sql: SQL = "DELETE FROM profile_unique_values WHERE attribute = ? LIMIT 1000"

    let attribute: UInt32

    func bind(to parameters: inout Parameters) { parameters.append(attribute) }
}
