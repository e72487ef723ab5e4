import Testing

@testable import MariaDB

struct LaneTests {
    @Test func `what a transaction wrote is there after it, and what failed is not`() async throws {
        struct Refusal: Error {}
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "one")) }
            await #expect(throws: Refusal.self) {
                try await database.transaction { tx in
                    try tx.execute(Items.Insert(id: 2, name: "two"))
                    throw Refusal()
                }
            }
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1])
        }
    }

    @Test func `two transactions locking in opposite order both succeed by a retry`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 2) { database in
            try await database.transaction { tx in
                try tx.execute(Items.Insert(id: 1, name: "a"))
                try tx.execute(Items.Insert(id: 2, name: "b"))
            }
            let attempts = Tally()
            let bothLocked = Meeting(2)
            let lock = { @Sendable (first: Int64, second: Int64) async throws in
                try await database.transaction { tx in
                    let attempt = attempts.increment()
                    try tx.execute(Items.Rename(id: first, name: "x\(first)\(attempt)"))
                    bothLocked.arrive()
                    try tx.execute(Items.Rename(id: second, name: "y\(second)\(attempt)"))
                }
            }
            async let forth = lock(1, 2)
            async let back = lock(2, 1)
            try await forth
            try await back
            #expect(attempts.value >= 3)
            #expect(database.retryCount >= 1)
        }
    }

    @Test func `a failed lock that the closure swallows is not committed`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1, { $0.lockTimeout = .seconds(1) }) {
            database in
            let holder = try Connection.openAny(database.shared.configuration)
            try holder.execute(text: "INSERT INTO items VALUES (1, 'one')")
            try holder.execute(text: "START TRANSACTION")
            try holder.execute(text: "UPDATE items SET name = 'held' WHERE id = 1")
            await expectError(.lockTimeout) {
                try await database.transaction(deadline: .after(.milliseconds(500))) { tx in
                    _ = try? tx.execute(Items.Rename(id: 1, name: "swallowed"))
                    _ = try? tx.execute(Items.Insert(id: 9, name: "nine"))
                }
            }
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1])
        }
    }

    @Test func `an error in the middle of the rows is named like one before them`() async throws {
        struct LockAll: Statement {
            static let sql: SQL = "SELECT id FROM items FORCE INDEX (PRIMARY) FOR UPDATE NOWAIT"
            static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
        }
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1) { database in
            let holder = try Connection.openAny(database.shared.configuration)
            try holder.execute(text: "INSERT INTO items VALUES (1, 'one'), (2, 'two'), (3, 'three')")
            try holder.execute(text: "START TRANSACTION")
            try holder.execute(text: "UPDATE items SET name = 'held' WHERE id = 3")
            let reader = try Connection.openAny(database.shared.configuration)
            try reader.execute(text: "START TRANSACTION")
            let error = await databaseError {
                try reader.query(LockAll(), file: #fileID, line: #line) { _ in true }
            }
            #expect(error?.code == .lockTimeout && error?.serverErrorNumber == 1205)
        }
    }

    @Test func `a duplicate key names its index`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "it's")) }
            await expectError(.duplicateKey(index: "by_name")) {
                try await database.transaction { try $0.execute(Items.Insert(id: 2, name: "it's")) }
            }
            let error = await databaseError {
                try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "other")) }
            }
            #expect(error?.code == .duplicateKey(index: "PRIMARY"))
            #expect(error?.serverErrorNumber == 1062)
            #expect(error?.description.contains("other") == false)
        }
    }

    @Test func `a read cannot write`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            await expectError(.readOnly) {
                try await database.read { try $0.execute(Items.Insert(id: 1, name: "one")) }
            }
            await expectError(.readOnly) { try await database.read { try $0.execute(script: "DROP TABLE items") } }
        }
    }

    @Test func `a statement that commits by itself is reported`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            await expectError(.internal) {
                try await database.transaction { try $0.execute(script: "CREATE TABLE other (id INT PRIMARY KEY)") }
            }
        }
    }

    @Test func `the statement cache stays within its limit`() async throws {
        struct Number: Statement {
            static let sql: SQL = "SELECT 1"
            let number: Int
            var preparedSQL: SQL { SQL(unsafeSQL: "SELECT \(number)") }
            static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
        }
        var configuration = try TestServer.makeSchema()
        configuration.statementCacheSize = 3
        let connection = try Connection.openAny(configuration)
        for number in [1, 2, 3, 1, 4, 5, 1, 6, 2, 1] {
            var found: Int?
            try connection.query(Number(number: number), file: #fileID, line: #line) { row in
                found = row
                return false
            }
            #expect(found == number)
            #expect(connection.cachedStatements <= 3)
        }
        var open = 0
        try connection.query(PreparedStatements(), file: #fileID, line: #line) { count in
            open = count
            return true
        }
        // The server forgot the evicted ones too; this one is among those that remain.
        #expect(open <= 3)
    }

    private struct PreparedStatements: Statement {
        static let sql: SQL = """
            SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.SESSION_STATUS
            WHERE VARIABLE_NAME = 'COM_STMT_PREPARE' UNION ALL
            SELECT CAST(a.VARIABLE_VALUE AS SIGNED) - CAST(b.VARIABLE_VALUE AS SIGNED)
            FROM information_schema.SESSION_STATUS a, information_schema.SESSION_STATUS b
            WHERE a.VARIABLE_NAME = 'COM_STMT_PREPARE' AND b.VARIABLE_NAME = 'COM_STMT_CLOSE'
            """
        static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
    }
}

/// Lets a number of threads wait for each other, once; later comers pass.
final class Meeting: Sendable {
    fileprivate let monitor = Monitor(0)
    fileprivate let size: Int

    init(_ size: Int) {
        self.size = size
    }

    func arrive() {
        monitor.withLock { $0 += 1 }
        monitor.broadcast()
        let size = size
        _ = monitor.wait { $0 >= size ? true : nil }
    }
}

extension Meeting {
    /// For tasks, whose threads must stay free for the others that are to meet.
    func arriveWithoutBlocking() async {
        monitor.withLock { $0 += 1 }
        monitor.broadcast()
        while monitor.withLock({ $0 < size }) { await Task.yield() }
    }
}

/// A number that several threads raise.
final class Tally: Sendable {
    private let monitor = Monitor(0)

    var value: Int { monitor.withLock { $0 } }

    @discardableResult
    func increment() -> Int {
        monitor.withLock {
            $0 += 1
            return $0
        }
    }
}
