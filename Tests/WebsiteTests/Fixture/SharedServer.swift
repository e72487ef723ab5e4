import Foundation
import Logging
import Synchronization

@testable import Identity
@testable import MariaDB

/// One private database server for all suites of a run; a database in it for each world.
enum SharedServer {
    /// Where the server keeps its data; removed with it.
    private static let directory = Mutex<String?>(nil)
    private static let server: Result<PrivateServer, DatabaseError> = {
        var template = Array("/tmp/gatehouse-site-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return .failure(DatabaseError(.configuration, "no directory")) }
        let path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The server runs as a user of its own.
        chmod(path, 0o755)
        directory.withLock { $0 = path }
        atexit { SharedServer.remove() }
        do throws(DatabaseError) {
            return .success(try PrivateServer.start(dataDirectory: path + "/data", logger: Logger(label: "test")))
        } catch {
            return .failure(error)
        }
    }()
    private static let count = Mutex(0)

    /// Makes an empty database with our schema.
    static func makeDatabase() async throws -> DatabaseConfiguration {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let server = try server.get()
        var configuration = server.configuration(database: "site_\(number)")
        configuration.lanes = 2
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let connection = try Connection.openAny(server.configuration)
        try connection.execute(text: "CREATE DATABASE site_\(number) COLLATE utf8mb4_nopad_bin")
        try Migrator(migrations: IdentityCore.migrations, configuration: configuration, logger: logger).up()
        return configuration
    }

    /// Ends the server and removes what it stored, when the run is over.
    private static func remove() {
        guard let path = directory.withLock({ $0 }) else { return }
        (try? server.get())?.stop()
        try? FileManager.default.removeItem(atPath: path)
    }
}
