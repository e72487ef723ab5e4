/// The state of one migration in the database.
enum MigrationState: String, SQLBindable, SQLReadable, Sendable {
    case applying, applied, reverting
}

/// A row of the table that remembers migrations.
struct MigrationRecord: Sendable, Equatable {
    var number: Int
    var name: String
    var checksum: String
    var state: MigrationState
    /// Statements of the script under way that are done.
    var statementsDone: Int
}

struct ListMigrations: Statement {
    static let sql: SQL =
        "SELECT number, name, checksum, state, statements_done FROM schema_migrations ORDER BY number"

    static func row(from columns: inout Columns) throws(DatabaseError) -> MigrationRecord {
        MigrationRecord(
            number: try columns.next(),
            name: try columns.next(),
            checksum: try columns.next(),
            state: try columns.next(),
            statementsDone: try columns.next()
        )
    }
}

/// The server computes the checksum, so that no hash is needed here.
struct MigrationChecksum: Statement {
    static let sql: SQL = "SELECT SHA2(?, 256)"
    let text: String

    func bind(to parameters: inout Parameters) { parameters.append(Array(text.utf8)) }

    static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
}

struct InsertMigration: Statement {
    static let sql: SQL = """
        INSERT INTO schema_migrations (number, name, checksum, state, statements_done, applied_at)
        VALUES (?, ?, ?, 'applying', 0, UTC_TIMESTAMP(6))
        """
    let number: Int
    let name: String
    let checksum: String

    func bind(to parameters: inout Parameters) {
        parameters.append(number)
        parameters.append(name)
        parameters.append(checksum)
    }
}

struct UpdateMigration: Statement {
    static let sql: SQL = """
        UPDATE schema_migrations SET state = ?, statements_done = ?, applied_at = UTC_TIMESTAMP(6) WHERE number = ?
        """
    let number: Int
    let state: MigrationState
    let statementsDone: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(state)
        parameters.append(statementsDone)
        parameters.append(number)
    }
}

struct DeleteMigration: Statement {
    static let sql: SQL = "DELETE FROM schema_migrations WHERE number = ?"
    let number: Int

    func bind(to parameters: inout Parameters) { parameters.append(number) }
}

/// Takes or renews the lease for `holder` when nobody else's runs.
///
/// The count of renewals makes one within one microsecond a change as well, so that "one row changed" always means "held".
struct TakeMigrationLease: Statement {
    static let sql: SQL = """
        UPDATE schema_lock SET holder = ?, renewals = renewals + 1,
        expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
        WHERE id = 1 AND (holder = ? OR expires_at < UTC_TIMESTAMP(6))
        """
    let holder: String
    let seconds: Int

    func bind(to parameters: inout Parameters) {
        parameters.append(holder)
        parameters.append(seconds)
        parameters.append(holder)
    }
}

struct ReleaseMigrationLease: Statement {
    static let sql: SQL = "UPDATE schema_lock SET holder = '', expires_at = '2000-01-01' WHERE id = 1 AND holder = ?"
    let holder: String

    func bind(to parameters: inout Parameters) { parameters.append(holder) }
}

enum MigrationTables {
    static let creation = [
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number INT UNSIGNED NOT NULL PRIMARY KEY,
            name VARCHAR(200) NOT NULL,
            checksum CHAR(64) NOT NULL,
            state VARCHAR(16) NOT NULL,
            statements_done INT UNSIGNED NOT NULL,
            applied_at DATETIME(6) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
        """,
        """
        CREATE TABLE IF NOT EXISTS schema_lock (
            id TINYINT UNSIGNED NOT NULL PRIMARY KEY,
            holder VARCHAR(64) NOT NULL,
            renewals BIGINT UNSIGNED NOT NULL,
            expires_at DATETIME(6) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin
        """,
        "INSERT IGNORE INTO schema_lock (id, holder, renewals, expires_at) VALUES (1, '', 0, '2000-01-01')",
    ]
}
