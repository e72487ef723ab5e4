import Testing

@testable import MariaDB

struct MigratorTests {
    private static let first = Migration(
        number: 1,
        name: "first",
        up: "-- a comment; with a semicolon\nCREATE TABLE a (id INT PRIMARY KEY);\nINSERT INTO a VALUES (1);\n",
        down: "DROP TABLE a;\n"
    )
    private static let second = Migration(
        number: 2,
        name: "second",
        up: "ALTER TABLE a\n  ADD COLUMN n INT;\nCREATE TABLE b (id INT PRIMARY KEY);\n",
        down: "DROP TABLE b;\nALTER TABLE a DROP COLUMN n;\n"
    )

    private func migrator(_ migrations: [Migration], _ configuration: DatabaseConfiguration) -> Migrator {
        Migrator(migrations: migrations, configuration: configuration, logger: .quiet)
    }

    @Test func `the way up, down and up again leaves the newest schema`() async throws {
        let configuration = try TestServer.makeSchema()
        let all = migrator([Self.first, Self.second], configuration)
        #expect(try all.status().map(\.isApplied) == [false, false])
        await expectError(.schemaTooOld) { try all.verify() }
        try all.up(to: 1)
        #expect(try all.status().map(\.isApplied) == [true, false])
        try all.up()
        try all.verify()
        try all.down(to: 0)
        #expect(try all.status().map(\.isApplied) == [false, false])
        try all.up()
        try all.up()
        try all.verify()
        try Connection.openAny(configuration).execute(text: "INSERT INTO a (id, n) VALUES (2, 3)")
    }

    @Test(arguments: [true, false])
    func `an altered file is refused`(isWayUp: Bool) async throws {
        let configuration = try TestServer.makeSchema()
        try migrator([Self.first], configuration).up()
        let altered = Migration(
            number: 1,
            name: "first",
            up: Self.first.up + (isWayUp ? " " : ""),
            down: Self.first.down + (isWayUp ? "" : " ")
        )
        await expectError(.checksum) { try migrator([altered], configuration).verify() }
        await expectError(.checksum) { try migrator([altered], configuration).up() }
        await expectError(.checksum) { try migrator([altered], configuration).down(to: 0) }
    }

    @Test func `one step newer works, two steps are refused`() async throws {
        let configuration = try TestServer.makeSchema()
        let third = Migration(
            number: 3,
            name: "third",
            up: "CREATE TABLE c (id INT PRIMARY KEY);",
            down: "DROP TABLE c;"
        )
        try migrator([Self.first, Self.second], configuration).up()
        let old = migrator([Self.first], configuration)
        try old.verify()
        #expect(try old.status().map(\.isKnown) == [true, false])
        await expectError(.schemaTooNew) { try old.down(to: 0) }
        try migrator([Self.first, Self.second, third], configuration).up()
        await expectError(.schemaTooNew) { try old.verify() }
        await expectError(.schemaTooNew) { try old.up() }
    }

    @Test func `two that start at once apply each migration once`() async throws {
        let configuration = try TestServer.makeSchema()
        let both = migrator([Self.first, Self.second], configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { try both.up() } }
            try await group.waitForAll()
        }
        try both.verify()
    }

    @Test func `another process that migrates is waited for no longer than told`() async throws {
        let configuration = try TestServer.makeSchema()
        try migrator([], configuration).up()
        let lease = try MigrationLease(configuration, patience: .zero)
        var impatient = migrator([Self.first], configuration)
        impatient.patience = .milliseconds(100)
        await expectError(.lockTimeout) { try impatient.up() }
        try lease.check()
    }

    @Test func `a migration that was interrupted goes on where it stopped`() async throws {
        let configuration = try TestServer.makeSchema()
        let connection = try Connection.openAny(configuration)
        try migrator([], configuration).up()
        // As left by a process killed after the first statement, before it was counted.
        try connection.execute(text: "CREATE TABLE a (id INT PRIMARY KEY)")
        let text = Self.first.frozenText
        var checksum = ""
        try connection.query(MigrationChecksum(text: text), file: #fileID, line: #line) { found in
            checksum = found
            return true
        }
        let record = InsertMigration(number: 1, name: "first", checksum: checksum)
        _ = try connection.execute(record, file: #fileID, line: #line)
        try migrator([Self.first], configuration).up()
        try migrator([Self.first], configuration).verify()
        #expect(try connection.execute(DeleteAll(), file: #fileID, line: #line) == 1)
    }

    private struct DeleteAll: Statement {
        static let sql: SQL = "DELETE FROM a"
    }

    @Test func `a failing statement is an error, and the mended state goes on`() async throws {
        let configuration = try TestServer.makeSchema()
        let failing = Migration(
            number: 1,
            name: "f",
            up: "CREATE TABLE a (id INT);\nINSERT INTO z VALUES (1);",
            down: ""
        )
        await expectError(.internal) { try migrator([failing], configuration).up() }
        await expectError(.schemaTooOld) { try migrator([failing], configuration).verify() }
        try Connection.openAny(configuration).execute(text: "CREATE TABLE z (id INT)")
        try migrator([failing], configuration).up()
        try migrator([failing], configuration).verify()
    }

    @Test func `files are paired and ordered by their names`() throws {
        let list = try Migration.list(files: [
            ("0002_b.down.sql", "D2"), ("0001_a.up.sql", "U1"), ("0002_b.up.sql", "U2"), ("0001_a.down.sql", "D1"),
        ])
        #expect(list.map(\.name) == ["a", "b"])
        #expect(list.map(\.down) == ["D1", "D2"])
    }

    @Test(arguments: [
        ["0001_a.up.sql"], ["0002_a.up.sql", "0002_a.down.sql"], ["1_a.up.sql", "1_a.down.sql"], ["readme.txt"],
        ["0001.up.sql", "0001.down.sql"],
    ])
    func `files with gaps, halves or other names are refused`(names: [String]) {
        #expect(throws: DatabaseError.self) { try Migration.list(files: names.map { ($0, "") }) }
    }

    @Test func `a script is split at line ends only`() {
        let script = "-- one;\nA 'x;y'\n  B;\r\n\nC;  \n-- end\nD"
        #expect(Migration.statements(of: script) == ["A 'x;y'\n  B", "C", "D\n"])
    }
}
