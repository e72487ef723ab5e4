import Synchronization
import Testing

@testable import MariaDB

struct QueueTests {
    /// Keeps the only lane of a database busy until `body` has ended.
    private func withBusyLane(
        queueLimit: Int = 100,
        _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 1, { $0.queueLimit = queueLimit }) { database in
            let isBusy = Meeting(2)
            let mayEnd = Meeting(2)
            async let busy: Void = database.read { _ in
                isBusy.arrive()
                mayEnd.arrive()
            }
            await isBusy.arriveWithoutBlocking()
            do {
                try await body(database)
            } catch {
                Issue.record(error)
            }
            await mayEnd.arriveWithoutBlocking()
            try await busy
        }
    }

    @Test func `a call that cannot make its deadline is refused before it runs`() async throws {
        let hasRun = Atomic<Bool>(false)
        try await withBusyLane { database in
            await expectError(.deadlineExceeded) {
                try await database.transaction(deadline: .after(.milliseconds(30))) { _ in
                    hasRun.store(true, ordering: .relaxed)
                }
            }
            await expectError(.deadlineExceeded) {
                try await database.find(Items.ByID.self, 1, deadline: .after(.milliseconds(30)))
            }
            #expect(database.queueDepth <= 1)
        }
        let ran = hasRun.load(ordering: .relaxed)
        #expect(!ran)
    }

    /// Units of work may all wait for one row that a slow one holds; what only reads must not wait with them.
    @Test func `coalesced reads go on while units of work wait for each other's locks`() async throws {
        try await TestServer.withDatabase(tables: [Items.table], lanes: 8) { database in
            try await database.transaction { try $0.execute(Items.Insert(id: 1, name: "one")) }
            let (holds, mayEnd) = (Meeting(2), Meeting(2))
            async let holder = database.transaction { transaction in
                try transaction.execute(Items.Rename(id: 1, name: "two"))
                holds.arrive()
                mayEnd.arrive()
            }
            await holds.arriveWithoutBlocking()
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await database.transaction(deadline: .after(.seconds(600))) {
                            try $0.execute(Items.Rename(id: 1, name: "three"))
                        }
                    }
                }
                while database.queueDepth < 13 { await Task.yield() }
                let row = try? await database.find(Items.ByID.self, 1, deadline: .after(.seconds(20)))
                await mayEnd.arriveWithoutBlocking()
                #expect(row != nil)
                try await group.waitForAll()
            }
            try await holder
        }
    }

    @Test func `a deadline that has passed is refused at once`() async throws {
        try await TestServer.withDatabase(lanes: 1) { database in
            await expectError(.deadlineExceeded) { try await database.read(deadline: .after(.zero)) { _ in 1 } }
        }
    }

    @Test func `a deadline that passes in a transaction rolls it back`() async throws {
        try await TestServer.withDatabase(tables: [Items.table]) { database in
            await expectError(.deadlineExceeded) {
                try await database.transaction(deadline: .after(.milliseconds(50))) { tx in
                    try tx.execute(Items.Insert(id: 1, name: "one"))
                    _ = try tx.all(Items.Sleep(seconds: 0.1))
                }
            }
            let count = try await database.read { try $0.first(Items.Count()) }
            #expect(count == 0)
        }
    }

    @Test func `a cancelled task leaves the queue`() async throws {
        try await withBusyLane { database in
            let work = Task { try await database.transaction { _ in 1 } }
            let find = Task { try await database.find(Items.ByID.self, 1) }
            while database.queueDepth < 2 { await Task.yield() }
            work.cancel()
            find.cancel()
            await expectError(.cancelled) { try await work.value }
            await expectError(.cancelled) { try await find.value }
            // The turn that was queued for the cancelled key is all that may be left.
            #expect(database.queueDepth <= 1)
        }
    }

    @Test func `a full queue refuses`() async throws {
        try await withBusyLane(queueLimit: 2) { database in
            let waiting = (0..<2).map { _ in Task { try await database.read { _ in 1 } } }
            while database.queueDepth < 2 { await Task.yield() }
            await expectError(.overloaded) { try await database.read { _ in 1 } }
            for task in waiting { task.cancel() }
        }
    }

    @Test func `stopping answers everyone who waits`() async throws {
        try await withBusyLane { database in
            let waiting = (0..<10).map { _ in Task { try await database.read { _ in 1 } } }
            while database.queueDepth < 10 { await Task.yield() }
            database.shared.queue.close()
            for task in waiting { await expectError(.unavailable(.connecting)) { try await task.value } }
            await expectError(.unavailable(.connecting)) { try await database.read { _ in 1 } }
        }
    }

    @Test func `run ends when its task is cancelled`() async throws {
        let database = Database(try TestServer.makeSchema(), logger: .quiet)
        let service = Task { try await database.run() }
        while !database.isReachable { await Task.yield() }
        service.cancel()
        try await service.value
        await expectError(.unavailable(.connecting)) { try await database.read { _ in 1 } }
    }

    @Test func `the list keeps its order whatever is taken from its middle`() {
        var list = SlotList<Int>()
        let places = (0..<6).map { list.append($0) }
        #expect(list.remove(at: places[0]) == 0)
        #expect(list.remove(at: places[3]) == 3)
        #expect(list.remove(at: places[5]) == 5)
        #expect(list.remove(at: places[3]) == nil)
        _ = list.append(6)
        var rest: [Int] = []
        while let next = list.popFirst() { rest.append(next) }
        #expect(rest == [1, 2, 4, 6])
        #expect(list.isEmpty)
    }
}
