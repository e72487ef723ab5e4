import Foundation
import Logging
import Synchronization

@testable import MariaDB

/// One private server for the whole run, with a schema of its own for each test that asks.
///
/// The server stops with the process: the kernel signals it when its supervising thread ends.
enum TestServer {
    private static let shared = Mutex<PrivateServer?>(nil)
    private static let nextSchema = Atomic<Int>(1)

    /// A new, empty schema on the shared server.
    static func makeSchema() throws -> DatabaseConfiguration {
        let server = try start()
        let name = "test_\(nextSchema.add(1, ordering: .relaxed).newValue)"
        let connection = try Connection.open(.unix(server.socketPath), server.configuration(database: ""))
        try connection.execute(text: "CREATE DATABASE \(name) COLLATE utf8mb4_nopad_bin")
        return server.configuration(database: name)
    }

    /// A started database on a new schema, stopped when `body` ends.
    static func withDatabase<R>(
        tables: [String] = [],
        lanes: Int = 4,
        _ change: (inout DatabaseConfiguration) -> Void = { _ in },
        _ body: (Database) async throws -> R
    ) async throws -> R {
        var configuration = try makeSchema()
        configuration.lanes = lanes
        change(&configuration)
        let connection = try Connection.openAny(configuration)
        for table in tables { try connection.execute(text: table) }
        let database = Database(configuration, logger: .quiet)
        try database.start()
        defer { database.stop() }
        return try await body(database)
    }

    private static func start() throws -> PrivateServer {
        try shared.withLock { server in
            if let server { return server }
            let started = try PrivateServer.start(
                dataDirectory: TemporaryDirectory.make(),
                options: .forTests,
                logger: .quiet
            )
            server = started
            return started
        }
    }
}

extension PrivateServer.Options {
    /// Small and quick to stop.
    static var forTests: Self {
        var options = Self()
        options.bufferPoolMebibytes = 16
        options.redoLogMebibytes = 8
        return options
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() } }
}

/// Directories of this run; a run removes what runs that have ended left behind.
enum TemporaryDirectory {
    private static let root = "/tmp/gatehouse-mariadb-tests"

    static func make() throws -> String {
        let files = FileManager.default
        let own = "\(root)/\(ProcessInfo.processInfo.processIdentifier)"
        for name in (try? files.contentsOfDirectory(atPath: root)) ?? [] where kill(pid_t(name) ?? 0, 0) != 0 {
            try? files.removeItem(atPath: "\(root)/\(name)")
        }
        let path = "\(own)/\(UInt32.random(in: .min ... .max))"
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
