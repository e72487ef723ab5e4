import Testing

@testable import MariaDB

struct ColumnTests {
    /// Reads one value of type `V` from an expression.
    private struct Read<V: SQLReadable & Sendable>: Statement {
        static var sql: SQL { "SELECT 1" }
        let expression: String
        var preparedSQL: SQL { SQL(unsafeSQL: "SELECT \(expression) AS wanted") }

        static func row(from columns: inout Columns) throws(DatabaseError) -> V { try columns.next() }
    }

    private func read<V: SQLReadable & Sendable>(_: V.Type, _ expression: String) async throws -> V? {
        try await TestServer.withDatabase(lanes: 1) { database in
            try await database.read { try $0.first(Read<V>(expression: expression)) }
        }
    }

    @Test(arguments: ["NULL", "'text'", "-1", "18446744073709551615", "1.5", "NOW(6)"])
    func `what is no UInt32 is an error that names the column`(expression: String) async throws {
        let error = await databaseError { try await read(UInt32.self, expression) }
        #expect(error?.code == .protocol)
        #expect(error?.description.contains("wanted") == true)
    }

    @Test(arguments: [
        ("-9223372036854775808", -9_223_372_036_854_775_808), ("9223372036854775808", 9_223_372_036_854_775_808),
        ("18446744073709549568", 18_446_744_073_709_549_568),
    ])
    func `an integer that a Double holds is read as one, above the signed ones, too`(
        expression: String,
        number: Double
    ) async throws {
        #expect(try await read(Double.self, expression) == number)
    }

    @Test func `an integer between two Doubles is none`() async throws {
        await expectError(.protocol) { try await read(Double.self, "18446744073709551615") }
    }

    @Test(arguments: ["2", "-1", "'1'"])
    func `only 0 and 1 are a Bool`(expression: String) async throws {
        await expectError(.protocol) { try await read(Bool.self, expression) }
    }

    @Test func `bytes that are not UTF-8 are no String`() async throws {
        await expectError(.protocol) { try await read(String.self, "X'FF'") }
        #expect(try await read([UInt8].self, "X'FF'") == [0xff])
    }

    @Test func `a sum of integers is an integer`() async throws {
        #expect(try await read(Int64.self, "SUM(5000000000)") == 5_000_000_000)
        await expectError(.protocol) { try await read(Int64.self, "SUM(0.5)") }
    }

    @Test func `reading past the last column is an error`() async throws {
        struct TooMany: Statement {
            static let sql: SQL = "SELECT 1"
            static func row(from columns: inout Columns) throws(DatabaseError) -> Int {
                try columns.next(Int.self) + columns.next(Int.self)
            }
        }
        try await TestServer.withDatabase(lanes: 1) { database in
            await expectError(.protocol) { try await database.read { try $0.first(TooMany()) } }
            // The connection is still good: the rest of the result was thrown away.
            let next = try await database.read { try $0.first(Read<Int>(expression: "7")) }
            #expect(next == 7)
        }
    }

    @Test func `a wrong number of parameters is refused`() async throws {
        struct TooFew: Statement {
            static let sql: SQL = "SELECT ? + ?"
            func bind(to parameters: inout Parameters) { parameters.append(1) }
        }
        try await TestServer.withDatabase(lanes: 1) { database in
            await expectError(.internal) { try await database.read { try $0.all(TooFew()) } }
        }
    }

    @Test func `columns that grow between executions are read whole`() async throws {
        struct Values: Statement {
            static let sql: SQL = "SELECT v FROM t ORDER BY id"
            static func row(from columns: inout Columns) throws(DatabaseError) -> Int {
                try columns.next(String.self).utf8.count
            }
        }
        let tables = [
            "CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)",
            "INSERT INTO t VALUES (1, 'x'), (2, REPEAT('y', 1000)), (3, REPEAT('z', 100000)), (4, '')",
        ]
        try await TestServer.withDatabase(tables: tables, lanes: 1) { database in
            for _ in 0..<3 {
                let lengths = try await database.read { try $0.all(Values()) }
                #expect(lengths == [1, 1000, 100_000, 0])
            }
        }
    }

    @Test func `a table altered under a prepared statement is read with its new types`() async throws {
        struct All: Statement {
            static let sql: SQL = "SELECT * FROM t"
            static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
        }
        let tables = ["CREATE TABLE t (v VARCHAR(5))", "INSERT INTO t VALUES ('one')"]
        try await TestServer.withDatabase(tables: tables, lanes: 1) { database in
            #expect(try await database.read { try $0.first(All()) } == "one")
            try await Self.alter(database, "ALTER TABLE t MODIFY v VARCHAR(5000)")
            #expect(try await database.read { try $0.first(All()) } == "one")
            try await Self.alter(database, "ALTER TABLE t ADD COLUMN n INT NOT NULL DEFAULT 5 FIRST")
            await expectError(.protocol) { try await database.read { try $0.first(All()) } }
        }
    }

    private static func alter(_ database: Database, _ text: String) async throws {
        // DDL commits by itself, which a transaction reports as an error after the fact.
        let connection = try Connection.openAny(database.shared.configuration)
        try connection.execute(text: text)
    }
}
