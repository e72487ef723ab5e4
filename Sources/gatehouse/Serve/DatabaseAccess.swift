internal import Foundation
internal import Identity
internal import Logging
internal import MariaDB

/// How this installation reaches its database, and the private server when there is one.
struct DatabaseAccess {
    /// The account the server works with: it changes rows, not tables.
    let runtime: DatabaseConfiguration
    /// The account that migrates.
    let administration: DatabaseConfiguration
    private let isPrivate: Bool
    private let privateServer: PrivateServer?

    /// Starts the private database, or points at the configured one.
    static func open(_ settings: Settings, directory: DataDirectory, logger: Logger) throws -> DatabaseAccess {
        guard settings.database.isPrivate else { return try configured(settings) }
        var options = PrivateServer.Options()
        options.bufferPoolMebibytes = settings.database.bufferPoolMebibytes
        let server = try PrivateServer.start(
            dataDirectory: directory.file("database"),
            options: options,
            logger: logger,
            progress: { FileHandle.standardError.write(Data(($0 + " …\n").utf8)) }
        )
        return DatabaseAccess(administration: server.configuration, settings: settings, privateServer: server)
    }

    /// Reaches the database for the length of one command.
    static func with<Result>(
        _ settings: Settings,
        logger: Logger,
        _ body: (DatabaseAccess, DataDirectory) async throws -> Result
    ) async throws -> Result {
        let directory = try DataDirectory(path: settings.dataDirectory)
        let access = try attach(settings, directory: directory, logger: logger)
        defer { access.close() }
        return try await body(access, directory)
    }

    /// For commands beside a running server: its private database when one runs, else one of our own.
    private static func attach(_ settings: Settings, directory: DataDirectory, logger: Logger) throws -> DatabaseAccess
    {
        guard settings.database.isPrivate else { return try configured(settings) }
        if let running = PrivateServer.configuration(runningIn: directory.file("database")) {
            return DatabaseAccess(administration: running, settings: settings, privateServer: nil)
        }
        return try open(settings, directory: directory, logger: logger)
    }

    private static func configured(_ settings: Settings) throws -> DatabaseAccess {
        let connection = try settings.database.connection()
        return DatabaseAccess(runtime: connection, administration: connection, isPrivate: false, privateServer: nil)
    }

    private init(
        runtime: DatabaseConfiguration,
        administration: DatabaseConfiguration,
        isPrivate: Bool,
        privateServer: PrivateServer?
    ) {
        self.runtime = runtime
        self.administration = administration
        self.isPrivate = isPrivate
        self.privateServer = privateServer
    }

    private init(administration: DatabaseConfiguration, settings: Settings, privateServer: PrivateServer?) {
        var runtime = administration
        runtime.user = RuntimeAccount.name
        runtime.lanes = settings.database.lanes
        runtime.queueLimit = settings.database.queueLimit
        self.init(runtime: runtime, administration: administration, isPrivate: true, privateServer: privateServer)
    }

    /// Ends the private database, if it is ours; after everything that uses it.
    func close() {
        privateServer?.stop()
    }

    /// Migrates when the settings say so, else checks that the schema is one this program works with.
    func bringUpToDate(_ choice: MigrationChoice, logger: Logger) throws {
        let migrator = migrator(logger: logger)
        if choice == .always || (choice == .auto && isPrivate) {
            try migrator.up()
        } else {
            try migrator.verify()
        }
        if isPrivate { try RuntimeAccount.grant(on: administration) }
    }

    /// Moves the schema, with the rights to change tables.
    func migrator(logger: Logger) -> Migrator {
        Migrator(migrations: IdentityCore.migrations, configuration: administration, logger: logger)
    }
}

extension Database {
    /// Opens a database for the length of one piece of work.
    static func withRunning<Result>(
        _ configuration: DatabaseConfiguration,
        logger: Logger,
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let database = Database(configuration, logger: logger)
        try database.start()
        defer { database.stop() }
        return try await body(database)
    }
}

extension DatabaseSettings {
    /// The connection to a database that somebody else runs.
    func connection() throws -> DatabaseConfiguration {
        let address: DatabaseConfiguration.Address =
            socket.isEmpty
            ? .hosts(hosts.map { .init(name: $0.host, port: $0.port) }) : .unixSocket(path: socket)
        let transport: DatabaseConfiguration.TransportSecurity =
            certificateAuthorityFile.isEmpty ? .disabled : .verified(caFile: certificateAuthorityFile)
        let passwordFile = passwordFile
        var configuration = DatabaseConfiguration(
            address: address,
            user: user,
            password: { try SecretFile.line(of: passwordFile) },
            database: name,
            transport: transport
        )
        configuration.lanes = lanes
        configuration.queueLimit = queueLimit
        return configuration
    }
}
