import Cryptography
import Dispatch
import Testing

@testable import Identity
@testable import MariaDB

/// Sealing on a real database, with everything that can happen at once (ARCHITECTURE section 4).
@Suite(.timeLimit(.minutes(10)))
struct AuditSealerTests {
    private func sealer(_ world: CoreWorld) -> AuditSealer {
        AuditSealer(world.parts) { _ in }
    }

    private func write(_ count: Int, on world: CoreWorld) async throws {
        let store = AuditStore(parts: world.parts)
        for number in 0..<count {
            try await world.parts.transaction(world.system) { transaction in
                let event = AuditEvent(.userUpdated, details: ["number": "\(number)"])
                try store.append(event, world.system, transaction)
            }
        }
    }

    /// Checks that every event has one number, that numbers have no gaps, and that the chain holds.
    private func expectWholeTrail(_ world: CoreWorld, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let events = try await world.number("SELECT COUNT(*) FROM audit_events")
        #expect(try await world.number("SELECT COUNT(*) FROM audit_seals") == events, sourceLocation: sourceLocation)
        #expect(
            try await world.number("SELECT CAST(COALESCE(MAX(sequence), 0) AS SIGNED) FROM audit_seals") == events,
            sourceLocation: sourceLocation
        )
        #expect(
            try await world.number("SELECT COUNT(*) FROM audit_events WHERE unsealed = 1") == 0,
            sourceLocation: sourceLocation
        )
        let result = try await verification(of: world)
        #expect(result?.fault == nil, sourceLocation: sourceLocation)
        #expect(result?.checked == UInt64(events), sourceLocation: sourceLocation)
    }

    @Test func `events get numbers from one without gaps, and nothing is sealed twice`() async throws {
        try await withCore { world in
            #expect(try await sealer(world).sealBatch() == nil)
            #expect(try await world.core.audit.head(world.system) == .start)
            try await write(7, on: world)
            #expect(await sealer(world).sealAll()?.sequence == 7)
            #expect(await sealer(world).sealAll() == nil)
            try await write(3, on: world)
            #expect(await sealer(world).sealAll()?.sequence == 10)
            try await expectWholeTrail(world)
        }
    }

    @Test func `more events than a batch are sealed in order`() async throws {
        try await withCore { world in
            try await world.run(
                """
                INSERT INTO audit_events (id, occurred_at, kind, outcome, actor_kind)
                SELECT UNHEX(LPAD(HEX(seq), 32, '0')), NOW(6), 'user.updated', 1, 0 FROM seq_1_to_1234
                """
            )
            #expect(await sealer(world).sealAll()?.sequence == 1234)
            try await expectWholeTrail(world)
            let strays = """
                SELECT COUNT(*) FROM audit_seals WHERE event_id <> UNHEX(LPAD(HEX(sequence), 32, '0'))
                """
            #expect(try await world.number(strays) == 0)
        }
    }

    @Test func `an event that is committed after younger ones were sealed comes behind them, and is not lost`()
        async throws
    {
        try await withCore { world in
            let store = AuditStore(parts: world.parts)
            let mayCommit = DispatchSemaphore(value: 0)
            let (arrivals, arrive) = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await world.parts.transaction(world.system) { transaction in
                        try store.append(AuditEvent(.userCreated), world.system, transaction)
                        arrive.yield()
                        mayCommit.wait()
                    }
                }
                for await _ in arrivals.prefix(1) {}
                world.clock.advance(.seconds(5))
                try await write(3, on: world)
                #expect(await sealer(world).sealAll()?.sequence == 3)
                mayCommit.signal()
                try await group.waitForAll()
            }
            #expect(await sealer(world).sealAll()?.sequence == 4)
            let late = "SELECT CAST(s.sequence AS SIGNED) FROM audit_seals s JOIN audit_events e ON e.id = s.event_id "
            #expect(try await world.number(late + "WHERE e.kind = 'user.created'") == 4)
            try await expectWholeTrail(world)
        }
    }

    @Test func `writers that commit in any order and two servers that seal leave one whole trail`() async throws {
        let configuration = try await SharedServer.makeDatabase(lanes: 4)
        let (first, second) = (try CoreWorld(configuration), try CoreWorld(configuration))
        let writers = 6
        let each = 40
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<writers {
                let world = number.isMultiple(of: 2) ? first : second
                group.addTask {
                    try await write(each, on: world)
                    return true
                }
            }
            for world in [first, second, first, second] {
                group.addTask {
                    while !Task.isCancelled {
                        await sealer(world).sealAll()
                        await Task.yield()
                    }
                    return false
                }
            }
            var finished = 0
            while finished < writers, let isWriter = try await group.next() { finished += isWriter ? 1 : 0 }
            group.cancelAll()
            // Cancelled sealers have failed at their database work, which is their end here.
        }
        await sealer(second).sealAll()
        #expect(try await first.number("SELECT COUNT(*) FROM audit_seals") == Int64(writers * each))
        try await expectWholeTrail(first)
        try await expectWholeTrail(second)
    }

    @Test func `a batch that was broken off leaves nothing, and the next sealer goes on`() async throws {
        try await withCore { world in
            try await write(5, on: world)
            #expect(await sealer(world).sealAll()?.sequence == 5)
            try await write(5, on: world)
            // As when the process is killed between the statements of a batch.
            let administration = try Connection.openAny(world.configuration)
            try administration.execute(text: "ALTER TABLE audit_events RENAME COLUMN unsealed TO was_unsealed")
            #expect(await sealer(world).sealAll() == nil)
            try administration.execute(text: "ALTER TABLE audit_events RENAME COLUMN was_unsealed TO unsealed")
            let seal = "INSERT INTO audit_seals SELECT 6, id, NOW(6), REPEAT('x', 32), 1, REPEAT('x', 32) "
            await #expect(throws: (any Error).self) {
                try await world.database.transaction(deadline: .after(.seconds(60))) { transaction in
                    try transaction.execute(
                        script: SQL(unsafeSQL: seal + "FROM audit_events WHERE unsealed = 1 LIMIT 1")
                    )
                    throw Killed()
                }
            }
            #expect(await sealer(world).sealAll()?.sequence == 10)
            try await expectWholeTrail(world)
        }
    }

    @Test func `a mark that somebody set again does not seal an event twice`() async throws {
        try await withCore { world in
            try await write(4, on: world)
            await sealer(world).sealAll()
            try await world.run("UPDATE audit_events SET unsealed = 1")
            #expect(await sealer(world).sealAll() == nil)
            try await write(1, on: world)
            #expect(await sealer(world).sealAll()?.sequence == 5)
        }
    }

    @Test func `events of a server of the version before are sealed too`() async throws {
        try await withCore { world in
            try await world.run(
                """
                INSERT INTO audit_events (id, occurred_at, kind, outcome, reason, actor_kind, request_id)
                VALUES (REPEAT('a', 16), NOW(6), 'user.updated', 1, '', 0, 'x')
                """
            )
            #expect(await sealer(world).sealAll()?.sequence == 1)
            try await expectWholeTrail(world)
        }
    }

    @Test func `the time of a seal never goes back`() async throws {
        try await withCore { world in
            try await write(1, on: world)
            await sealer(world).sealAll()
            world.clock.advance(.seconds(-3600))
            try await write(1, on: world)
            await sealer(world).sealAll()
            #expect(
                try await world.number(
                    """
                    SELECT COUNT(*) FROM audit_seals a JOIN audit_seals b ON b.sequence > a.sequence
                    WHERE b.sealed_at < a.sealed_at
                    """
                ) == 0
            )
        }
    }

    @Test func `the end of the trail is told to the log`() async throws {
        try await withCore { world in
            try await write(2, on: world)
            let sealer = AuditSealer(world.parts) { duration in
                // Nothing but the end of the task ends a pause.
                try await Task.sleep(for: duration < .seconds(1) ? duration : .seconds(600))
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await sealer.run() }
                while !world.log.text.contains("audit trail sealed") { await Task.yield() }
                group.cancelAll()
            }
            let head = try await world.core.audit.head(world.system)
            #expect(head.sequence == 2)
            #expect(world.log.text.contains(Hex.encode(head.digest)))
        }
    }

    @Test func `the server's account can neither change nor delete what is sealed`() async throws {
        try await withCore { world in
            try await write(1, on: world)
            await sealer(world).sealAll()
            try RuntimeAccount.grant(on: world.configuration)
            var account = world.configuration
            account.user = RuntimeAccount.name
            let connection = try Connection.openAny(account)
            for statement in [
                "UPDATE audit_seals SET digest = REPEAT('x', 32)", "DELETE FROM audit_seals",
                "UPDATE audit_events SET kind = 'user.updated'", "UPDATE audit_events SET occurred_at = NOW(6)",
                "DELETE FROM audit_events", "TRUNCATE TABLE audit_seals", "DROP TABLE audit_seals",
                "ALTER TABLE audit_seals DROP COLUMN code", "REPLACE INTO audit_seals SELECT * FROM audit_seals",
            ] {
                #expect(throws: DatabaseError.self, "\(statement)") { try connection.execute(text: statement) }
            }
            try connection.execute(text: "UPDATE audit_events SET unsealed = NULL")
        }
    }
}

private struct Killed: Error {}

/// The last word of a verification.
func verification(of world: CoreWorld, anchors: [AuditHead] = []) async throws -> AuditFlows.Verification? {
    var last: AuditFlows.Verification?
    try await world.core.audit.verify(anchors: anchors, world.system) { last = $0 }
    return last
}
