import Testing

@testable import MariaDB

/// Writes that go to the server with the next statement.
struct RiderTests {
    struct Refusal: Error {}

    struct Remove: Statement {
        static let sql: SQL = "DELETE FROM items WHERE id = ?"
        let id: Int64

        func bind(to parameters: inout Parameters) { parameters.append(id) }
    }

    struct InsertReturning: Statement {
        static let sql: SQL = "INSERT INTO items (id, name) VALUES (?, ?), (?, ?) RETURNING id"
        let ids: [Int64]

        func bind(to parameters: inout Parameters) {
            for id in ids {
                parameters.append(id)
                parameters.append("n\(id)")
            }
        }

        static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
    }

    /// The names in the order of their ids.
    struct Names: Statement {
        static let sql: SQL = "SELECT name FROM items ORDER BY id"

        static func row(from columns: inout Columns) throws(DatabaseError) -> String { try columns.next() }
    }

    @Test func `whoever reads after a write that waits sees what it wrote`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            let seen = try await database.transaction { tx in
                try tx.enqueue(Items.Insert(id: 1, name: "one"))
                try tx.enqueue(Items.Insert(id: 2, name: "two"))
                let first = try tx.all(Items.IDs())
                try tx.enqueue(Items.Rename(id: 1, name: "uno"))
                // The one row that is wanted, of two; the rest of the answer is not taken for that to the next statement.
                let made = try tx.first(InsertReturning(ids: [7, 8]))
                try tx.enqueue(Remove(id: 8))
                return (first, made, try tx.all(Names()))
            }
            #expect(seen.0 == [1, 2])
            #expect(seen.1 == 7)
            #expect(seen.2 == ["uno", "two", "n7"])
        }
    }

    @Test func `writes that wait at the end are committed, however many and with nothing else`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1) { database in
            for count in [1, Riders.limit, Riders.limit + 1, 3 * Riders.limit] {
                try await database.transaction { tx in
                    for id in 0..<count { try tx.enqueue(Items.Insert(id: Int64(id), name: "n\(id)")) }
                }
                let ids = try await database.transaction { tx in
                    let ids = try tx.all(Items.IDs())
                    for id in ids { try tx.enqueue(Remove(id: id)) }
                    return ids
                }
                #expect(ids.count == count)
            }
            let left = try await database.read { try $0.first(Items.Count()) }
            #expect(left == 0)
        }
    }

    @Test func `a number of changed rows is that of its statement alone`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            let changed = try await database.transaction { tx in
                let first = try tx.execute(Items.Insert(id: 1, name: "one"))
                try tx.enqueue(Items.Insert(id: 2, name: "two"))
                let renamed = try tx.execute(Items.Rename(id: 1, name: "uno"))
                try tx.enqueue(Items.Rename(id: 2, name: "due"))
                let same = try tx.execute(Items.Rename(id: 1, name: "uno"))
                try tx.enqueue(Items.Insert(id: 3, name: "tre"))
                return [first, renamed, same, try tx.execute(Remove(id: 99))]
            }
            #expect(changed == [1, 1, 0, 0])
        }
    }

    @Test func `what a closure throws undoes what waited and what went`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            for goesBefore in [true, false] {
                await #expect(throws: Refusal.self) {
                    try await database.transaction { tx in
                        try tx.enqueue(Items.Insert(id: 1, name: "one"))
                        if goesBefore { _ = try tx.all(Items.IDs()) }
                        throw Refusal()
                    }
                }
            }
            let left = try await database.read { try $0.first(Items.Count()) }
            #expect(left == 0)
        }
    }

    @Test func `a failure among many is thrown by its own statement, with its own place`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "one")) }
            let line: UInt = #line + 4
            let error = await databaseError {
                try await database.transaction { tx in
                    try tx.enqueue(Items.Insert(id: 2, name: "two"))
                    try tx.enqueue(Items.Insert(id: 3, name: "one"))
                    try tx.enqueue(Items.Insert(id: 4, name: "four"))
                }
            }
            #expect(error?.code == .duplicateKey(index: "by_name"))
            #expect(error?.location.line == line)
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1])
        }
    }

    @Test func `a failure that the closure handles loses no write before it`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "one")) }
            let runs = Tally()
            try await database.transaction { tx in
                _ = runs.increment()
                try tx.enqueue(Items.Insert(id: 2, name: "two"))
                _ = try? tx.execute(Items.Insert(id: 3, name: "one"))
                try tx.enqueue(Items.Insert(id: 4, name: "four"))
            }
            #expect(runs.value == 2)
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1, 2, 4])
        }
    }

    @Test func `a failure of the first statement leaves no transaction behind, and none is missing`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "one")) }
            await #expect(throws: Refusal.self) {
                try await database.transaction { tx in
                    _ = try? tx.execute(Items.Insert(id: 1, name: "again"))
                    try tx.execute(Items.Insert(id: 2, name: "two"))
                    throw Refusal()
                }
            }
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1])
            try await database.transaction { tx in
                _ = try? tx.execute(Items.Insert(id: 1, name: "again"))
            }
        }
    }

    @Test func `a value that cannot be sent is the error of its statement`() async throws {
        struct Late: Statement {
            static let sql: SQL = "INSERT INTO items (id, name) VALUES (9, ?)"
            func bind(to parameters: inout Parameters) { parameters.append(Timestamp(microsecondsSinceEpoch: .max)) }
        }
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            await expectError(.dataTooLong) {
                try await database.transaction { tx in
                    try tx.enqueue(Items.Insert(id: 1, name: "one"))
                    try tx.enqueue(Late())
                }
            }
            let left = try await database.read { try $0.first(Items.Count()) }
            #expect(left == 0)
        }
    }

    @Test func `a deadlock among statements that go together is tried again`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 2) { database in
            try await database.transaction { tx in
                try tx.enqueue(Items.Insert(id: 1, name: "a"))
                try tx.enqueue(Items.Insert(id: 2, name: "b"))
            }
            let attempts = Tally()
            let bothLocked = Meeting(2)
            let lock = { @Sendable (first: Int64, second: Int64) async throws in
                try await database.transaction { tx in
                    let attempt = attempts.increment()
                    try tx.enqueue(Items.Rename(id: first, name: "x\(first)\(attempt)"))
                    _ = try tx.first(Items.Count())
                    bothLocked.arrive()
                    try tx.enqueue(Items.Rename(id: second, name: "y\(second)\(attempt)"))
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

    /// Adds a row, and goes on as long as its name is short.
    struct AddWhileShort: ChainedStatement {
        static let sql: SQL = "INSERT INTO items (id, name) VALUES (?, ?) RETURNING id"
        static let condition: SQL = "(SELECT CHAR_LENGTH(name) < 4 FROM items WHERE id = ?)"
        let id: Int64
        let name: String

        func bind(to parameters: inout Parameters) {
            parameters.append(id)
            parameters.append(name)
        }

        func bindCondition(to parameters: inout Parameters) { parameters.append(id) }

        static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
    }

    @Test func `a chain runs as far as its condition holds, and tells of those that ran`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            let add = { @Sendable (names: [String], first: Int64) in
                let links = names.enumerated().map { AddWhileShort(id: first + Int64($0.offset), name: $0.element) }
                return try await database.transaction { tx in
                    try tx.enqueue(Remove(id: 99))
                    return try tx.all(Chain(links))
                }
            }
            let one = try await add(["a"], 1)
            let whole = try await add(["b", "c", "d"], 11)
            let part = try await add(["e", "long", "f", "g"], 21)
            #expect(one == [1] && whole == [11, 12, 13] && part == [21, 22])
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1, 11, 12, 13, 21, 22])
        }
    }

    @Test func `a transaction of three statements takes two trips`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1) { database in
            let trips = { @Sendable in try await database.read { try $0.first(Questions()) ?? 0 } }
            let before = try await trips()
            try await database.transaction { tx in
                _ = try tx.all(Items.IDs())
                try tx.enqueue(Items.Insert(id: 1, name: "one"))
                try tx.enqueue(Items.Insert(id: 2, name: "two"))
            }
            // Two prepared, two executed, and the second look at the number itself.
            let after = try await trips()
            #expect(after - before <= 5)
        }
    }

    /// Statements that clients sent in this session; parts of compound statements are not counted.
    struct Questions: Statement {
        static let sql: SQL = """
            SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.session_status WHERE variable_name = 'QUESTIONS'
            """

        static func row(from columns: inout Columns) throws(DatabaseError) -> UInt64 { try columns.next() }
    }
}
