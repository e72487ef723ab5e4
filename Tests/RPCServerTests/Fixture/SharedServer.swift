import Foundation
import Identity
import Logging
import Synchronization

@testable import MariaDB

/// One private server for all suites of a run; a database in it for each test.
enum SharedServer {
    private static let server: Result<PrivateServer, DatabaseError> = {
        guard let path = TemporaryDirectory.make() else {
            return .failure(DatabaseError(.configuration, "no directory"))
        }
        // Registered after the directory's own removal, so that it runs before it.
        atexit { SharedServer.stop() }
        do throws(DatabaseError) {
            return .success(try PrivateServer.start(dataDirectory: path + "/data", logger: .quiet))
        } catch {
            return .failure(error)
        }
    }()
    private static let count = Mutex(0)

    /// Makes an empty database with our schema.
    static func makeDatabase(lanes: Int) async throws -> DatabaseConfiguration {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let server = try server.get()
        var configuration = server.configuration(database: "rpc_\(number)")
        configuration.lanes = lanes
        try create("rpc_\(number)", on: server)
        try Migrator(migrations: IdentityCore.migrations, configuration: configuration, logger: .quiet).up()
        return configuration
    }

    private static func stop() {
        (try? server.get())?.stop()
    }

    private static func create(_ name: String, on server: PrivateServer) throws {
        let connection = try Connection.openAny(server.configuration)
        try connection.execute(text: "CREATE DATABASE \(name) COLLATE utf8mb4_nopad_bin")
    }
}

/// Directories that the database's own user can reach, too; removed when the run is over.
enum TemporaryDirectory {
    private static let made = Mutex<[String]>([])
    private static let removal: Void = { _ = atexit { TemporaryDirectory.removeAll() } }()

    static func make() -> String? {
        removal
        var template = Array("/tmp/gatehouse-rpc-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        made.withLock { $0.append(path) }
        return path
    }

    private static func removeAll() {
        for path in made.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
