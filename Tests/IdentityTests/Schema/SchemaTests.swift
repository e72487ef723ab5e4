import Foundation
import Logging
import MariaDB
import Testing

@testable import Identity

@Suite(.serialized) struct SchemaTests {
    @Test func `no list or lookup reads a whole table`() async throws {
        try await withCore { world in
            try await PlanFilling.fill(world)
            for planned in PlannedStatement.ofIdentity {
                let steps = try await world.database.transaction(deadline: .after(.seconds(600))) {
                    try planned.explain($0)
                }
                #expect(!steps.isEmpty, "\(planned.name)")
                for step in steps where step.isSlow { Issue.record("\(planned.name): \(step)") }
            }
        }
    }

    /// Inserts have no plan; these updates take a whole row to make and write it by its primary key.
    @Test func `every statement of the domain that finds rows is among the planned ones`() throws {
        let byPrimaryKey: Set<String> = [
            "UpdateUser", "UpdateServiceAccount", "UpdateFlow", "UpdateConfirmedSession", "UsePasskey",
            "RenewPassword", "UpdateApplication", "UpdateProvider",
        ]
        let planned = Set(PlannedStatement.ofIdentity.map(\.name)).union(byPrimaryKey)
        let sources = URL(fileURLWithPath: #filePath).appending(path: "../../../../Sources/Identity").standardized
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.allObjects ?? []
        #expect(files.count > 50)
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let types = /(?:struct|enum) (\w+): (?:Statement|PointRead|KeyedRead|ExportRead) {([\s\S]*?)\n}/
            for match in text.matches(of: types) {
                let isInsert = match.2.contains(/"""\s+INSERT|= "INSERT/)
                let name = String(match.1)
                #expect(isInsert || planned.contains(name), "\(name) of \(file.lastPathComponent) has no plan")
            }
        }
    }

    @Test func `the plans are of statements that would be noticed`() async throws {
        struct Scan: Statement {
            static let sql: SQL = "SELECT id FROM users WHERE state_reason = 'x' ORDER BY updated_at"
        }
        try await withCore { world in
            try await PlanFilling.fill(world)
            let planned = PlannedStatement(Scan())
            let steps = try await world.database.transaction(deadline: .after(.seconds(600))) {
                try planned.explain($0)
            }
            #expect(steps.count { $0.isSlow } == 1)
        }
    }

    @Test func `the schema goes up, is filled, goes down and up again`() async throws {
        try await withCore { world in
            try await PlanFilling.fill(world)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let migrator = Migrator(
                migrations: IdentityCore.migrations,
                configuration: world.configuration,
                logger: logger
            )
            try migrator.verify()
            try migrator.down(to: 0)
            let left = try await world.number(
                """
                SELECT COUNT(*) FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name NOT LIKE 'schema%'
                """
            )
            #expect(left == 0)
            try migrator.up()
            try migrator.verify()
            _ = try await world.makeUser("a@example.com")
            #expect(IdentityCore.schemaVersion == IdentityCore.migrations.map(\.number).max())
        }
    }

    @Test func `every table has a primary key and is InnoDB`() async throws {
        try await withCore { world in
            let without = try await world.number(
                """
                SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND (t.engine <> 'InnoDB'
                    OR NOT EXISTS (SELECT 1 FROM information_schema.table_constraints c WHERE c.table_schema = t.table_schema
                        AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'))
                """
            )
            #expect(without == 0)
        }
    }
}
