import Cryptography
import JSON
import MariaDB

/// A user's profile, the user's state, and the version of the schema; one row for a user without a profile, too.
struct ReadProfile: Statement {
    struct Row: Sendable {
        let profile: StoredProfile
        let state: UserState
        let schemaVersion: UInt64
    }

    static let columns: SQL = """
        SELECT u.id, u.state, p.document, p.revision, p.updated_at,
            (SELECT version FROM guards WHERE name = 'profile_schema')
        FROM users u LEFT JOIN profiles p ON p.user_id = u.id
        """
    static let sql: SQL = columns + " WHERE u.id = ?"

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        let user = try columns.next(UserID.self)
        let state = try columns.next(UserState.self)
        let text = try columns.nextOptional(String.self)
        let profile = StoredProfile(
            userID: user,
            document: try text.map { text throws(DatabaseError) in try ProfileDocument(stored: text) } ?? .init(),
            revision: try columns.nextOptional() ?? 0,
            updatedAt: try columns.nextOptional()
        )
        return Row(profile: profile, state: state, schemaVersion: try columns.next())
    }
}

/// Locks a user's row, so that no two changes of a profile run at once.
struct LockProfileOwner: Statement {
    static let sql: SQL = "SELECT state FROM users WHERE id = ? FOR UPDATE"

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserState { try columns.next() }
}

/// A profile as it is now, for a writer that holds the lock on its owner.
struct LockProfile: Statement {
    static let sql: SQL = "SELECT document, revision, updated_at FROM profiles WHERE user_id = ? FOR UPDATE"

    let user: UserID

    func bind(to parameters: inout Parameters) { parameters.append(user) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> StoredProfile {
        StoredProfile(
            userID: .zero,
            document: try ProfileDocument(stored: try columns.next()),
            revision: try columns.next(),
            updatedAt: try columns.next()
        )
    }
}

/// Writes a profile whole.
struct PutProfile: Statement {
    static let sql: SQL = """
        INSERT INTO profiles (user_id, document, revision, updated_at) VALUES (?, ?, ?, ?)
        ON DUPLICATE KEY UPDATE document = VALUES(document), revision = VALUES(revision), updated_at = VALUES(updated_at)
        """

    let user: UserID
    let document: ProfileDocument
    let revision: UInt64
    let now: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(SQLJSON(document.text))
        parameters.append(revision)
        parameters.append(now)
    }
}

/// Adds the index rows of one user, all in one statement.
struct InsertIndexEntries: Statement {
    static let sql: SQL = """
        INSERT INTO profile_index (user_id, attribute, position, sort_key)
        SELECT ?, entry.attribute, entry.position, UNHEX(entry.sort_key) FROM JSON_TABLE(?, '$[*]' COLUMNS (
            attribute INT UNSIGNED PATH '$[0]', position SMALLINT UNSIGNED PATH '$[1]', sort_key VARCHAR(2000) PATH '$[2]'
        )) entry
        """

    let user: UserID
    let entries: [ProfileIndexEntries.Entry]

    func bind(to parameters: inout Parameters) {
        let rows = entries.map { entry in
            let (attribute, position) = (String(entry.attribute), String(entry.position))
            return JSONValue.array([.number(attribute), .number(position), .string(Hex.encode(entry.sortKey))])
        }
        parameters.append(user)
        parameters.append(SQLJSON(JSONValue.array(rows).text))
    }
}

/// Removes the index rows of one attribute of one user.
struct DeleteIndexEntries: Statement {
    static let sql: SQL = "DELETE FROM profile_index WHERE user_id = ? AND attribute = ?"

    let user: UserID
    let attribute: UInt32

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(attribute)
    }
}

/// Gives up the unique values of one attribute of one user.
struct DeleteUniqueValues: Statement {
    static let sql: SQL = "DELETE FROM profile_unique_values WHERE user_id = ? AND attribute = ?"

    let user: UserID
    let attribute: UInt32

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
        parameters.append(attribute)
    }
}

/// Claims a unique value; a duplicate of the primary key tells that it is taken.
struct InsertUniqueValue: Statement {
    static let sql: SQL = "INSERT INTO profile_unique_values (attribute, value_hash, user_id) VALUES (?, ?, ?)"

    let user: UserID
    let claim: ProfileIndexEntries.Claim

    func bind(to parameters: inout Parameters) {
        parameters.append(claim.attribute)
        parameters.append(claim.valueHash)
        parameters.append(user)
    }
}

/// The user who has a unique value.
struct UserByUniqueValue: Statement {
    static let sql: SQL =
        UserRow.select
        + "FROM profile_unique_values v JOIN users u ON u.id = v.user_id WHERE v.attribute = ? AND v.value_hash = ?"

    let attribute: UInt32
    let valueHash: [UInt8]

    func bind(to parameters: inout Parameters) {
        parameters.append(attribute)
        parameters.append(valueHash)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> UserRow { try UserRow(from: &columns) }
}
