import Testing

@testable import MariaDB

/// What every statement counts on (SECURITY F4 and DB-02).
struct SessionSettingsTests {
    @Test(arguments: [
        ("SET SESSION sql_mode = ''", "sql_mode"),
        ("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", "sql_mode"),
        ("SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',ANSI_QUOTES')", "sql_mode"),
        ("SET NAMES latin1", "utf8mb4"),
        ("SET SESSION character_set_results = NULL", "utf8mb4"),
        ("SET SESSION time_zone = '+01:00'", "time zone"),
        ("SET SESSION autocommit = 0", "commit"),
    ])
    func `a session with another setting is refused, and the sentence says which`(
        change: String,
        named: String
    ) throws {
        let connection = try Connection.openAny(TestServer.makeSchema())
        try SessionSettings.check(connection)
        try connection.execute(text: change)
        let error = #expect(throws: DatabaseError.self) { try SessionSettings.check(connection) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(named) == true)
    }
}
