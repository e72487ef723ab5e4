import Testing

@testable import MariaDB

struct PointReadTests {
    /// Far away, since a busy machine must decide no test.
    private static var deadline: Deadline { .after(.seconds(600)) }
    private static let filled = [
        Items.table, "INSERT INTO items SELECT seq, CONCAT('n', seq) FROM seq_1_to_1000",
    ]

    @Test func `a thousand concurrent finds use far fewer statements`() async throws {
        try await TestServer.withDatabase(tables: Self.filled, lanes: 2) { database in
            let before = database.statementCount
            let found = try await withThrowingTaskGroup(of: (Int64, String?).self) { group in
                for id in Int64(1)...1000 {
                    group.addTask { (id, try await database.find(Items.ByID.self, id, deadline: Self.deadline)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(found.count == 1000)
            #expect(found.allSatisfy { $0.value == "n\($0.key)" })
            #expect(database.statementCount - before < 500)
        }
    }

    @Test func `missing rows are nil, and equal keys all get their row`() async throws {
        try await TestServer.withDatabase(tables: Self.filled, lanes: 1) { database in
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await database.find(Items.ByID.self, 7, deadline: Self.deadline) }
                    group.addTask { try await database.find(Items.ByID.self, -7, deadline: Self.deadline) }
                }
                return try await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(answers.filter { $0 == "n7" }.count == 50)
            #expect(answers.filter { $0 == nil }.count == 50)
        }
    }

    @Test func `a caller reads its own writes while others read`() async throws {
        try await TestServer.withDatabase(tables: Self.filled, lanes: 3) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in Int64(1)...20 {
                    group.addTask {
                        for round in 0..<25 {
                            let name = "r\(id)-\(round)"
                            try await database.transaction(deadline: Self.deadline) {
                                try $0.execute(Items.Rename(id: id, name: name))
                            }
                            let found = try await database.find(Items.ByID.self, id, deadline: Self.deadline)
                            #expect(found == name)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a failing read answers every caller with the error`() async throws {
        struct Wrong: PointRead {
            static let selectIn: SQL = "SELECT id, name FROM missing WHERE id IN"
            static func row(from columns: inout Columns) throws(DatabaseError) -> (Int64, String) {
                (try columns.next(), try columns.next())
            }
        }
        try await TestServer.withDatabase(tables: Self.filled, lanes: 1) { database in
            await withTaskGroup(of: Void.self) { group in
                for id in Int64(1)...20 {
                    group.addTask {
                        await expectError(.internal) {
                            try await database.find(Wrong.self, id, deadline: Self.deadline)
                        }
                    }
                }
            }
            let found = try await database.find(Items.ByID.self, 3, deadline: Self.deadline)
            #expect(found == "n3")
        }
    }
}
