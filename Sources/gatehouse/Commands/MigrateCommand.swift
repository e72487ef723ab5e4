internal import ArgumentParser
internal import Identity
internal import Logging
internal import MariaDB

/// Brings the database schema to a version.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Show, raise or lower the version of the database schema."
    )

    @OptionGroup var settings: SettingsArguments

    @Flag(name: .long, help: "Only show which migrations are applied.") var status = false

    @Option(
        name: .long,
        help: "Go to this version, up or down; down loses what newer versions added, 0 removes every table."
    )
    var to: Int?

    func validate() throws {
        guard let to, !(0...IdentityCore.schemaVersion).contains(to) else { return }
        throw ValidationError("--to must be a version from 0 to \(IdentityCore.schemaVersion).")
    }

    func run() async throws {
        let settings = try settings.load()
        _ = Observability.start(settings)
        let logger = Logger(label: "gatehouse.migrate")
        let rows = try await DatabaseAccess.with(settings, logger: logger) { access, _ in
            let migrator = access.migrator(logger: logger)
            if !status { try change(migrator) }
            return try migrator.status().map { entry in
                [String(entry.number), entry.name, entry.isApplied ? "applied" : "not applied"]
            }
        }
        print(Table(header: ["NUMBER", "NAME", "STATE"], rows: rows).text)
    }

    private func change(_ migrator: Migrator) throws {
        guard let to else { return try migrator.up() }
        let current = try migrator.status().filter(\.isApplied).map(\.number).max() ?? 0
        if to >= current {
            try migrator.up(to: to)
        } else {
            try migrator.down(to: to)
        }
    }
}
