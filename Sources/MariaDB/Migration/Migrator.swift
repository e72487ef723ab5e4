package import Logging

/// Brings the schema of a database to the version this program was made for, and back.
///
/// Each statement that is done is counted in the database, so that a migration whose process was killed goes on where it stopped.
package struct Migrator: Sendable {
    let migrations: [Migration]
    let configuration: DatabaseConfiguration
    let logger: Logger
    /// How long to wait for another process that migrates.
    package var patience: Duration = .seconds(120)

    package init(migrations: [Migration], configuration: DatabaseConfiguration, logger: Logger) {
        self.migrations = migrations
        self.configuration = configuration
        self.logger = logger
    }

    /// One migration that this program knows or that the database has.
    package struct Status: Sendable, Hashable {
        package let number: Int
        package let name: String
        package let isApplied: Bool
        /// False for what a newer program applied.
        package let isKnown: Bool
    }

    /// Lists all migrations in order; changes nothing.
    package func status() throws(DatabaseError) -> [Status] {
        let records = try records(on: try Connection.openAny(settings))
        let known = Set(migrations.map(\.number))
        let applied = Set(records.filter { $0.state == .applied }.map(\.number))
        return migrations.map {
            Status(number: $0.number, name: $0.name, isApplied: applied.contains($0.number), isKnown: true)
        }
            + records.filter { !known.contains($0.number) }.map {
                Status(number: $0.number, name: $0.name, isApplied: $0.state == .applied, isKnown: false)
            }
    }

    /// Refuses a database this program cannot work with; one step newer is accepted, so that two versions can run side by side.
    package func verify() throws(DatabaseError) {
        let connection = try Connection.openAny(settings)
        let records = try records(on: connection)
        try check(records, on: connection)
        let applied = Set(records.filter { $0.state == .applied }.map(\.number))
        guard let missing = migrations.first(where: { !applied.contains($0.number) }) else { return }
        throw DatabaseError(.schemaTooOld, "the database lacks migration \(missing.number) (\(missing.name))")
    }

    /// Applies what is missing, up to and with migration `target`, or all.
    package func up(to target: Int? = nil) throws(DatabaseError) {
        try withLease { connection, lease throws(DatabaseError) in
            for migration in migrations where migration.number <= target ?? .max {
                let record = try records(on: connection).first { $0.number == migration.number }
                try apply(migration, record, on: connection, lease)
            }
        }
    }

    /// Takes back everything above migration `target`, the newest first; 0 empties the schema.
    package func down(to target: Int) throws(DatabaseError) {
        try withLease { connection, lease throws(DatabaseError) in
            for record in try records(on: connection).reversed() where record.number > target {
                guard let migration = migrations.first(where: { $0.number == record.number }) else {
                    throw DatabaseError(.schemaTooNew, "the way back from migration \(record.number) is not known here")
                }
                try revert(migration, record, on: connection, lease)
            }
        }
    }

    private func withLease(
        _ body: (Connection, borrowing MigrationLease) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        let connection = try Connection.openAny(settings)
        for text in MigrationTables.creation { try connection.execute(text: text) }
        let lease = try MigrationLease(configuration, patience: patience)
        try check(try records(on: connection), on: connection)
        try body(connection, lease)
    }

    // A change of a large table takes as long as it takes.
    private var settings: DatabaseConfiguration {
        var settings = configuration
        settings.statementTimeout = .zero
        settings.readTimeout = .seconds(24 * 3600)
        return settings
    }
}
