import MariaDB
import Testing

/// Statements on the tables that several suites use.
enum Items {
    static let table =
        "CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(10) NOT NULL, UNIQUE KEY by_name (name))"

    struct Insert: Statement {
        static let sql: SQL = "INSERT INTO items (id, name) VALUES (?, ?)"
        let id: Int64
        let name: String

        func bind(to parameters: inout Parameters) {
            parameters.append(id)
            parameters.append(name)
        }
    }

    struct Rename: Statement {
        static let sql: SQL = "UPDATE items SET name = ? WHERE id = ?"
        let id: Int64
        let name: String

        func bind(to parameters: inout Parameters) {
            parameters.append(name)
            parameters.append(id)
        }
    }

    struct Count: Statement {
        static let sql: SQL = "SELECT COUNT(*) FROM items"

        static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
    }

    struct IDs: Statement {
        static let sql: SQL = "SELECT id FROM items ORDER BY id"

        static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 { try columns.next() }
    }

    struct ByID: PointRead {
        static let selectIn: SQL = "SELECT id, name FROM items WHERE id IN"

        static func row(from columns: inout Columns) throws(DatabaseError) -> (Int64, String) {
            (try columns.next(), try columns.next())
        }
    }

    struct Sleep: Statement {
        static let sql: SQL = "SELECT SLEEP(?)"
        let seconds: Double

        func bind(to parameters: inout Parameters) { parameters.append(seconds) }

        static func row(from columns: inout Columns) throws(DatabaseError) -> Int { try columns.next() }
    }
}

extension Result where Failure == any Error {
    /// The database error this failed with, if it did.
    var databaseError: DatabaseError? {
        if case .failure(let error) = self { error as? DatabaseError } else { nil }
    }
}

/// Catches what `body` throws as a database error.
func databaseError(_ body: () async throws -> some Any) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// Expects `body` to fail with a database error of one kind.
func expectError(
    _ code: DatabaseError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> some Any
) async {
    let error = await databaseError(body)
    #expect(error?.code == code, "\(error.debugDescription)", sourceLocation: sourceLocation)
}
