import MariaDB
import Testing

@testable import Identity

extension SignInWorld {
    /// Every column of every table that holds these letters.
    func places(of text: String) async throws -> [String] {
        let columns = try await database.read(deadline: .after(.seconds(600))) { try $0.all(AllColumns()) }
        #expect(columns.count > 100)
        var places: [String] = []
        for column in columns {
            let found = try await number(
                "SELECT COUNT(*) FROM \(column.table) WHERE LOCATE('\(text)', LOWER(CAST(\(column.name) AS CHAR))) > 0"
            )
            if found > 0 { places.append("\(column.table).\(column.name)") }
        }
        return places
    }
}

/// Every column of the schema.
private struct AllColumns: Statement {
    static let sql: SQL = """
        SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()
        """

    static func row(from columns: inout Columns) throws(DatabaseError) -> (table: String, name: String) {
        (table: try columns.next(String.self), name: "`" + (try columns.next(String.self)) + "`")
    }
}
