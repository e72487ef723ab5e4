import MariaDB
import Testing

@testable import Identity

@Suite(.serialized) struct PurgeTests {
    /// SECURITY PRI-04.
    @Test func `what is over goes after its retention, what lives stays`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.makeSession(of: user.id, level: .aal2)
            _ = try await world.makeSession(of: user.id, level: .aal1)
            let (account, _) = try await world.makeAccount("shop", scopes: [])
            _ = try await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 1, world.system)
            _ = try await world.core.users.disable(
                try await world.makeUser("b@example.com").id,
                reason: "",
                world.keyed(world.caller(["users.*"]), "k")
            )
            let purge = Purge(parts: world.parts)
            #expect(try await purge.run() == 0)
            world.clock.advance(.seconds(3600 + 3599))
            #expect(try await purge.run() == 0)
            world.clock.advance(.seconds(1))
            #expect(try await purge.run() == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
            world.clock.advance(.seconds(86_400))
            #expect(try await purge.run() == 2)
            #expect(try await world.number("SELECT COUNT(*) FROM idempotency_keys") == 0)
            #expect(try await world.number("SELECT COUNT(*) FROM service_tokens") == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 2)
        }
    }

    @Test func `more than a batch goes in one round`() async throws {
        try await withCore { world in
            try await world.run(
                """
                INSERT INTO throttles (subject_hash, kind, label, window_started_at, window_count, burst_started_at, burst_count,
                    consecutive, block_level, disabled_at, is_admitted, updated_at)
                SELECT UNHEX(SHA2(seq, 256)), 1, 'x', '2026-01-01', 1, '2026-01-01', 1, 1, 0,
                    IF(seq = 1, '2026-01-01', NULL), TRUE, '2026-01-01' FROM seq_1_to_1201
                """
            )
            #expect(try await Purge(parts: world.parts).run() == 1200)
            #expect(try await world.number("SELECT COUNT(*) FROM throttles WHERE disabled_at IS NOT NULL") == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM throttles") == 1)
        }
    }

    @Test func `finished messages, flows and codes go, waiting messages stay`() async throws {
        try await withCore { world in
            for (id, finished) in [("1", "'2026-01-01'"), ("2", "NULL")] {
                try await world.run(
                    """
                    INSERT INTO outbox (id, kind, state, payload, next_attempt_at, expires_at, created_at, finished_at)
                    VALUES (REPEAT('\(id)', 16), 1, 1, '', '2026-01-01', '2026-01-01', '2026-01-01', \(finished))
                    """
                )
            }
            try await world.run(
                """
                INSERT INTO sign_in_flows (id, token_hash, caller_id, state, wanted_level, created_at, expires_at)
                VALUES (REPEAT('f', 16), REPEAT('f', 32), REPEAT('0', 16), 1, 1, '2026-01-01', '2026-01-01')
                """
            )
            try await world.run(
                """
                INSERT INTO one_time_codes (flow_id, purpose, address_kind, address_canonical, key_id, code_hash, created_at,
                    expires_at, resend_at) VALUES (REPEAT('f', 16), 1, 1, 'x', 1, REPEAT('c', 32), '2026-01-01', '2026-01-01',
                    '2026-01-01')
                """
            )
            #expect(try await Purge(parts: world.parts).run() == 3)
            #expect(try await world.number("SELECT COUNT(*) FROM outbox") == 1)
        }
    }

    @Test func `those whose undo window closed are erased, those who were taken back are not`() async throws {
        try await withCore { world in
            let gone = try await world.makeUser("a@example.com")
            let back = try await world.makeUser("b@example.com")
            for id in [gone.id, back.id] { _ = try await world.core.users.delete(id, immediately: false, world.system) }
            world.clock.advance(.seconds(604_799))
            #expect(try await Purge(parts: world.parts).run() == 0)
            _ = try await world.core.users.undelete(back.id, world.system)
            world.clock.advance(.seconds(1))
            #expect(try await Purge(parts: world.parts).run() == 1)
            await expectRefusal(.notFound) { try await world.core.users.get(gone.id, world.system) }
            #expect(try await world.core.users.get(back.id, world.system).state == .active)
            let erased = try await world.number(
                "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.erased' AND actor_kind = 3"
            )
            #expect(erased == 1)
        }
    }

    @Test func `one process purges at a time, and another goes on when it is gone`() async throws {
        try await withCore { world in
            let other = try CoreWorld(world.configuration, clock: world.clock)
            #expect(try await Purge(parts: world.parts).run() == 0)
            #expect(try await Purge(parts: other.parts).run() == nil)
            world.clock.advance(.seconds(119))
            #expect(try await Purge(parts: world.parts).run() == 0)
            world.clock.advance(.seconds(119))
            #expect(try await Purge(parts: other.parts).run() == nil)
            world.clock.advance(.seconds(1))
            #expect(try await Purge(parts: other.parts).run() == 0)
            #expect(try await Purge(parts: world.parts).run() == nil)
        }
    }

    @Test func `a lease has one holder in a race, and can be given up`() async throws {
        try await withCore { world in
            var nodes = [world]
            for _ in 0..<5 { nodes.append(try CoreWorld(world.configuration, clock: world.clock)) }
            for round in 0..<5 {
                let name = "lease-\(round)"
                let holders = await withTaskGroup(of: Bool.self) { group in
                    for node in nodes { group.addTask { (try? await acquire(name, node)) ?? false } }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(holders == 1)
            }
            let first = try await acquire("x", nodes[0])
            let second = try await acquire("x", nodes[1])
            try await release("x", nodes[1])
            let third = try await acquire("x", nodes[1])
            try await release("x", nodes[0])
            let fourth = try await acquire("x", nodes[1])
            #expect([first, second, third, fourth] == [true, false, false, true])
        }
    }

    private func acquire(_ name: String, _ node: CoreWorld) async throws -> Bool {
        let now = node.clock.now()
        return try await node.parts.transaction(node.system) { transaction in
            try LeaseStore(parts: node.parts).acquire(name, for: .seconds(60), at: now, transaction)
        }
    }

    private func release(_ name: String, _ node: CoreWorld) async throws {
        try await node.parts.transaction(node.system) { try LeaseStore(parts: node.parts).release(name, $0) }
    }
}
