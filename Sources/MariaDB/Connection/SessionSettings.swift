/// The settings of a session that the rest of the program counts on: made, then read back, and refused if they differ.
enum SessionSettings {
    static let sqlModes = [
        "STRICT_ALL_TABLES", "NO_ZERO_DATE", "NO_ZERO_IN_DATE", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION",
    ]

    static func apply(to connection: Connection, _ configuration: DatabaseConfiguration) throws(DatabaseError) {
        try connection.execute(text: "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin")
        try connection.execute(text: "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try connection.execute(text: assignments(configuration))
        try check(connection)
    }

    // innodb_lock_wait_timeout counts whole seconds, max_statement_time fractions.
    private static func assignments(_ configuration: DatabaseConfiguration) -> String {
        let statement = Double(configuration.statementTimeout.wholeMicroseconds) / 1_000_000
        let lock = max(1, configuration.lockTimeout.components.seconds)
        return "SET SESSION sql_mode = '" + sqlModes.joined(separator: ",")
            + "', time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1, unique_checks = 1, "
            + "wait_timeout = 86400, innodb_lock_wait_timeout = \(lock), max_statement_time = \(statement)"
    }

    /// Reads the settings back; throws `.configuration` with a sentence that says which one is wrong.
    static func check(_ connection: Connection) throws(DatabaseError) {
        var found: ReadSettings.Row?
        try connection.query(ReadSettings(), file: #fileID, line: #line) { row in
            found = row
            return false
        }
        guard let found else { throw DatabaseError(.protocol, "the server does not tell its settings") }
        if let problem = found.problem { throw DatabaseError(.configuration, problem) }
    }
}

struct ReadSettings: Statement {
    static let sql: SQL = """
        SELECT @@SESSION.sql_mode, @@SESSION.character_set_client, @@SESSION.character_set_connection, \
        @@SESSION.character_set_results, @@SESSION.time_zone, @@SESSION.autocommit
        """

    struct Row: Sendable {
        var sqlMode: String
        /// Of client, connection and results; nil where the server converts nothing.
        var characterSets: [String?]
        var timeZone: String
        var isAutocommit: Bool

        /// The first setting that is not as it must be.
        var problem: String? {
            let modes = sqlMode.split(separator: ",").map(String.init)
            if modes.sorted() != SessionSettings.sqlModes.sorted() { return "the server does not keep sql_mode strict" }
            if characterSets.contains(where: { $0 != "utf8mb4" }) { return "the session does not use utf8mb4" }
            if timeZone != "+00:00" { return "the session's time zone is not UTC" }
            return isAutocommit ? nil : "the session does not commit single statements"
        }
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Row {
        Row(
            sqlMode: try columns.next(),
            characterSets: [try columns.nextOptional(), try columns.nextOptional(), try columns.nextOptional()],
            timeZone: try columns.next(),
            isAutocommit: try columns.next()
        )
    }
}
