import Foundation
import Logging
import Synchronization

@testable import Identity
@testable import MariaDB

/// One private server for all sign-in suites of a run; a database in it for each test.
enum SharedServer {
    /// Where the server keeps its data; removed with it.
    private static let directory = Mutex<String?>(nil)
    private static let server: Result<PrivateServer, DatabaseError> = {
        var template = Array("/tmp/gatehouse-sign-in-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return .failure(DatabaseError(.configuration, "no directory")) }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The server runs as a user of its own.
        chmod(path, 0o755)
        directory.withLock { $0 = path }
        atexit { SharedServer.remove() }
        // Suites run side by side, each test with lanes of its own.
        var options = PrivateServer.Options()
        options.maximumConnections = 1000
        do throws(DatabaseError) {
            return .success(
                try PrivateServer.start(dataDirectory: path + "/data", options: options, logger: Logger(label: "test"))
            )
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
        var configuration = server.configuration(database: "sign_in_\(number)")
        configuration.lanes = lanes
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try create("sign_in_\(number)", on: server)
        try Migrator(migrations: IdentityCore.migrations, configuration: configuration, logger: logger).up()
        return configuration
    }

    /// Ends the server and removes what it stored, when the run is over.
    private static func remove() {
        guard let path = directory.withLock({ $0 }) else { return }
        (try? server.get())?.stop()
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func create(_ name: String, on server: PrivateServer) throws {
        let connection = try Connection.openAny(server.configuration)
        try connection.execute(text: "CREATE DATABASE \(name) COLLATE utf8mb4_nopad_bin")
    }
}
