import Glibc
import Testing

@testable import MariaDB

struct LostConnectionTests {
    /// A database behind a proxy that hangs up once, when the client first sends `text`.
    private func withProxy(
        cutAt text: String,
        before: [UInt16] = [],
        _ body: (Database) async throws -> Void
    ) async throws {
        let direct = try TestServer.makeSchema()
        try Connection.openAny(direct).execute(text: Items.table)
        guard case .unixSocket(let path) = direct.address else { return }
        let proxy = try CuttingProxy(socketPath: path, cutAt: text)
        let database = Database(proxy.configuration(like: direct, before: before), logger: .quiet)
        try database.start()
        defer { database.stop() }
        try await body(database)
    }

    @Test func `a connection lost during COMMIT leaves the outcome unknown, and nothing is run again`() async throws {
        try await withProxy(cutAt: "COMMIT") { database in
            let runs = Tally()
            let error = await databaseError {
                try await database.transaction { tx in
                    runs.increment()
                    try tx.execute(Items.Insert(id: 1, name: "one"))
                }
            }
            #expect(error?.code == .unavailable(.outcomeUnknown))
            #expect(error?.outcomeUnknown == true)
            #expect(runs.value == 1)
            // The lane finds its server again.
            let count = try await database.read { try $0.first(Items.Count()) }
            #expect(count == 0)
        }
    }

    @Test func `a connection lost before COMMIT makes the closure run again, with one effect`() async throws {
        try await withProxy(cutAt: "INSERT INTO items") { database in
            let runs = Tally()
            try await database.transaction { tx in
                runs.increment()
                try tx.execute(Items.Insert(id: 1, name: "one"))
            }
            #expect(runs.value == 2)
            let ids = try await database.read { try $0.all(Items.IDs()) }
            #expect(ids == [1])
        }
    }

    @Test func `a read whose connection is lost is read again`() async throws {
        try await withProxy(cutAt: "SELECT id, name") { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 5, name: "five")) }
            let found = try await database.find(Items.ByID.self, 5)
            #expect(found == "five")
        }
    }

    @Test func `a server that does not answer is passed over for the next`() async throws {
        try await withProxy(cutAt: "never sent", before: [try TLSServer.freePort()]) { database in
            try await database.transaction { _ = try $0.execute(Items.Insert(id: 1, name: "one")) }
        }
    }

    @Test func `no server at all is an error of its own kind`() async throws {
        let port = try TLSServer.freePort()
        let configuration = DatabaseConfiguration(
            address: .hosts([.init(name: "127.0.0.1", port: port)]),
            user: "root",
            database: "none",
            transport: .disabled
        )
        await expectError(.unavailable(.connecting)) { try Database(configuration, logger: .quiet).start() }
    }

    @Test func `an unknown database is a matter of configuration`() async throws {
        var configuration = try TestServer.makeSchema()
        configuration.database = "nowhere"
        await expectError(.configuration) { try Database(configuration, logger: .quiet).start() }
    }

    @Test func `a server killed under load loses no commit that was answered`() async throws {
        let server = try PrivateServer.start(
            dataDirectory: TemporaryDirectory.make(),
            options: .forTests,
            logger: .quiet
        )
        defer { server.stop() }
        try Connection.openAny(server.configuration).execute(text: Items.table)
        let database = Database(server.configuration, logger: .quiet)
        try database.start()
        defer { database.stop() }
        let killed = try #require(server.processID)
        let (answered, errors) = try await insert(500, into: database) { kill(killed, SIGKILL) }
        #expect(server.processID != killed)
        let stored = Set(try await database.read { try $0.all(Items.IDs()) })
        #expect(answered.isSubset(of: stored))
        #expect(answered.count > 100)
        // Every failure has a type, and nothing that was refused for certain is there.
        #expect(errors.values.allSatisfy { $0?.isUnavailable == true })
        let refused = errors.filter { $0.value?.outcomeUnknown == false }.keys
        #expect(stored.isDisjoint(with: refused))
    }

    /// Inserts rows from eight tasks at once and does something when a fifth is done.
    private func insert(
        _ count: Int64,
        into database: Database,
        _ disturb: @escaping @Sendable () -> Void
    ) async throws -> (answered: Set<Int64>, errors: [Int64: DatabaseError?]) {
        let done = Tally()
        return await withTaskGroup(of: [(Int64, (any Error)?)].self) { group in
            for first in Int64(0)..<8 {
                group.addTask {
                    var results: [(Int64, (any Error)?)] = []
                    for id in stride(from: first, to: count, by: 8) {
                        do {
                            try await database.transaction(deadline: .after(.seconds(600))) {
                                try $0.execute(Items.Insert(id: id, name: "\(id)"))
                            }
                            results.append((id, nil))
                        } catch {
                            results.append((id, error))
                        }
                        if done.increment() == Int(count / 5) { disturb() }
                    }
                    return results
                }
            }
            let all = await group.reduce(into: []) { $0 += $1 }
            let failed = all.filter { $0.1 != nil }.map { ($0.0, $0.1 as? DatabaseError) }
            return (Set(all.filter { $0.1 == nil }.map(\.0)), Dictionary(uniqueKeysWithValues: failed))
        }
    }
}
