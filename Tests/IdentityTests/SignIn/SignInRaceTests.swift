import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What parallel requests must not win.
@Suite struct SignInRaceTests {
    /// The shapes of `count` submissions released together.
    private func race(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> SignInOutcome) async throws
        -> [OutcomeShape]
    {
        try await withThrowingTaskGroup(of: OutcomeShape.self) { group in
            for index in 0..<count { group.addTask { try await body(index).shape } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `fifty parallel right codes give one session`() async throws {
        let world = try await SignInWorld(lanes: 8) {
            $0.throttling.account.limit = 1000
            $0.throttling.account.burst = nil
        }
        let started = try await world.begin("a@example.com")
        let code = try #require(try await world.code(to: "a@example.com"))
        let shapes = try await race(50) { _ in try await world.submit(code, started.handle) }
        #expect(shapes.filter { $0 == .signedIn }.count == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
    }

    @Test func `five hundred parallel wrong codes reach the comparison four times`() async throws {
        let world = try await SignInWorld(lanes: 8)
        let started = try await world.begin("a@example.com")
        let shapes = try await race(500) { index in
            try await world.submit("0000000\(index % 10)", started.handle, world.browser("192.0.2.\(index % 200)"))
        }
        #expect(world.comparisons.count == 4)
        #expect(shapes.count == 500 && !shapes.contains(.signedIn))
    }

    @Test func `parallel flows for one account reach the comparison five times together`() async throws {
        let world = try await SignInWorld(lanes: 8) {
            $0.code.resendInterval = .zero
            $0.code.sendsPerAddress = 1000
        }
        var handles: [SecretBytes] = []
        for _ in 0..<12 { handles.append(try await world.begin("a@example.com").handle) }
        let flows = handles
        _ = try await race(120) { index in
            try await world.submit("00000000", flows[index % flows.count], world.browser("198.51.100.\(index)"))
        }
        #expect(world.comparisons.count == 5)
    }

    @Test func `two flows that prove one new address at once make one user`() async throws {
        for _ in 0..<5 {
            let world = try await SignInWorld(lanes: 8) { $0.code.resendInterval = .zero }
            var proofs: [(SecretBytes, String)] = []
            for spelling in ["ada@example.com", "Ada@example.com"] {
                let started = try await world.begin(spelling)
                proofs.append((started.handle, try #require(try await world.code(to: spelling))))
            }
            let both = proofs
            let shapes = try await race(2) { try await world.submit(both[$0].1, both[$0].0) }
            #expect(shapes == [.signedIn, .signedIn])
            #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 2)
        }
    }

    @Test func `a user disabled while the code is typed has no session afterwards`() async throws {
        for _ in 0..<5 {
            let world = try await SignInWorld(lanes: 4)
            let user = try await world.makeUser("a@example.com")
            let started = try await world.begin("a@example.com")
            let code = try #require(try await world.code(to: "a@example.com"))
            async let outcome = world.submit(code, started.handle)
            async let disabled = world.core.users.disable(user, reason: "race", world.administrator)
            _ = try await (outcome, disabled)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        }
    }

    @Test func `parallel resends send one code`() async throws {
        let world = try await SignInWorld(lanes: 8)
        let started = try await world.begin("a@example.com")
        world.clock.advance(.seconds(60))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await world.signIn.sendCode(started.handle, world.browser()) } }
        }
        #expect(try await world.number("SELECT COUNT(*) FROM outbox") == 2)
    }
}
