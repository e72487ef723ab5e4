internal import Glibc
package import Logging
internal import Synchronization

/// A MariaDB server of our own on a Unix socket in a directory of its own; durable, and stopped with us.
///
/// When we are root it runs as `mysql` (or `nobody` where there is no such user), to whom the directory is given. It gets SIGTERM from
/// the kernel when we die; the next start waits for one that is still stopping. When it dies itself it is started again.
package final class PrivateServer: Sendable {
    /// The name of the database that is made in it.
    package static let databaseName = "gatehouse"
    private static let startPatience = Duration.seconds(120)
    private static let stopPatience = Duration.seconds(60)

    private let directory: ServerDirectory
    private let lock: Mutex<DirectoryLock?>
    private let supervisor: ServerSupervisor

    private init(
        directory: ServerDirectory,
        lock: consuming DirectoryLock,
        supervisor: ServerSupervisor
    ) {
        self.directory = directory
        self.lock = Mutex(lock)
        self.supervisor = supervisor
    }

    /// Starts the server, after making its data directory where there is none; blocks until it answers.
    ///
    /// `dataDirectory` holds nothing but the database; its parent must exist. `progress` gets a sentence for each step that takes time.
    package static func start(
        dataDirectory: String,
        options: Options = Options(),
        logger: Logger,
        progress: (String) -> Void = { _ in }
    ) throws(DatabaseError) -> PrivateServer {
        let directory = try ServerDirectory(creating: dataDirectory)
        let lock = try DirectoryLock(directory)
        let user = try serverUser()
        try directory.prepare(for: user)
        try OrphanedServers(directory: directory).stop(patience: stopPatience, progress: progress)
        if !directory.hasData { try install(directory, options, as: user, progress) }
        let supervisor = try ServerSupervisor(logger: logger) { () throws(DatabaseError) in
            try ChildProcess(
                path: options.serverPath,
                arguments: options.arguments(directory),
                as: user,
                outputFile: directory.log
            )
        }
        let server = PrivateServer(directory: directory, lock: lock, supervisor: supervisor)
        do {
            try server.waitUntilReady()
        } catch {
            supervisor.stop(patience: stopPatience)
            throw error
        }
        return server
    }

    /// The Unix socket the server listens on.
    package var socketPath: String { directory.socket }

    /// The process id of the server; nil while it is down.
    package var processID: Int32? { supervisor.processID }

    /// How to connect to the database in it.
    package var configuration: DatabaseConfiguration { configuration(database: Self.databaseName) }

    /// How to connect to any database in it; only our own user and the server's can reach the socket.
    package func configuration(database: String) -> DatabaseConfiguration {
        DatabaseConfiguration(
            address: .unixSocket(path: socketPath),
            user: "root",
            database: database,
            transport: .disabled
        )
    }

    /// Stops the server cleanly; blocks until it has written everything and ended.
    package func stop() {
        supervisor.stop(patience: Self.stopPatience)
        lock.withLock { $0 = nil }
    }

    private static func serverUser() throws(DatabaseError) -> ChildProcess.User? {
        guard geteuid() == 0 else { return nil }
        for name in ["mysql", "nobody"] {
            guard let entry = unsafe getpwnam(name) else { continue }
            return unsafe ChildProcess.User(name: name, userID: entry.pointee.pw_uid, groupID: entry.pointee.pw_gid)
        }
        throw DatabaseError(.configuration, "there is neither a user mysql nor nobody to run the database as")
    }

    private static func install(
        _ directory: ServerDirectory,
        _ options: Options,
        as user: ChildProcess.User?,
        _ progress: (String) -> Void
    ) throws(DatabaseError) {
        progress("making a database in \(directory.path)")
        try directory.removeNewData()
        let status = try ChildProcess.run(
            path: options.installerPath,
            arguments: options.installerArguments(directory),
            // A server that starts removes all temporary tables from its directory for them, also those of others. Not an
            // argument, because the installer splits those at spaces.
            environment: ["TMPDIR=\(directory.temporary)"],
            as: user,
            outputFile: directory.log
        )
        guard status == 0 else {
            throw DatabaseError(.configuration, "the database could not be made; \(directory.log) says why")
        }
        try directory.adoptNewData()
    }

    private func waitUntilReady() throws(DatabaseError) {
        let deadline = Deadline.after(Self.startPatience)
        while true {
            do {
                let connection = try Connection.open(.unix(socketPath), configuration(database: ""))
                return try connection.execute(
                    text: "CREATE DATABASE IF NOT EXISTS \(Self.databaseName) COLLATE utf8mb4_nopad_bin"
                )
            } catch  where error.isUnavailable {
                // One start has failed when the supervisor is at a second.
                guard !supervisor.hasEnded, supervisor.starts <= 1, !deadline.hasPassed else {
                    throw DatabaseError(.configuration, "the database server does not start; \(directory.log) says why")
                }
                usleep(4_000)
            }
        }
    }
}
