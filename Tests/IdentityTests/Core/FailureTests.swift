import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY DB-06, LOG-04, LOG-06: what happens when something breaks, and what is said about it.
@Suite(.serialized) struct FailureTests {
    @Test func `a connection killed in the middle of a change leaves nothing of it`() async throws {
        try await withCore(lanes: 1) { world in
            let user = try await world.makeUser("a@example.com")
            let killer = try CoreWorld(world.configuration, clock: world.clock)
            let result = await attempt {
                try await world.parts.transaction(world.system) { transaction in
                    guard try UserStore(parts: world.parts).lock(user.id, at: world.clock.now(), transaction) != nil
                    else { return }
                    let session = SessionStore(parts: world.parts)
                    _ = try session.create(
                        for: user.id,
                        level: .aal1,
                        methods: [],
                        at: world.clock.now(),
                        world.system,
                        transaction
                    )
                    guard let id = try transaction.first(Question(text: "SELECT CONNECTION_ID()")) else { return }
                    try transaction.execute(Kill(id: id))
                    _ = try session.create(
                        for: user.id,
                        level: .aal1,
                        methods: [],
                        at: world.clock.now(),
                        world.system,
                        transaction
                    )
                }
            }
            let refusal = try #require(result.refusal)
            #expect(
                refusal.reason == .unavailable || refusal.reason == .cancelled,
                "\(refusal) \(String(describing: refusal.cause))"
            )
            #expect(try await killer.number("SELECT COUNT(*) FROM sessions") == 0)
            #expect(try await killer.events(.sessionCreated) == 0)
            // The lane comes back.
            #expect(try await world.core.users.get(user.id, world.system).id == user.id)
        }
    }

    @Test func `a change whose audit event cannot be written is not made`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let session = try await world.makeSession(of: user.id)
            let result = await attempt {
                try await world.parts.transaction(world.system) { transaction in
                    try transaction.execute(DeleteSession(session: session.session.id))
                    try transaction.execute(BrokenAuditEvent())
                }
            }
            #expect(result.refusal?.reason == .internalFailure)
            #expect(try await world.core.sessions.validate(token: session.token, world.system).id == session.session.id)
        }
    }

    @Test func `a passed deadline is an answer of its own and nothing is done`() async throws {
        try await withCore { world in
            var context = world.system
            context.deadline = .after(.zero)
            let late = context
            let request = NewUser(identifiers: [NewIdentifier(kind: .email, value: "a@example.com")])
            await expectRefusal(.deadlineExceeded) { try await world.core.users.create(request, late) }
            let users = try await world.number("SELECT COUNT(*) FROM users")
            #expect(users == 0)
        }
    }

    @Test func `neither log nor refusal nor audit trail tells a secret or an address`() async throws {
        try await withCore { world in
            let (account, secret) = try await world.core.bootstrap.run(world.system)
            let user = try await world.makeUser("canary@example.com")
            let session = try await world.makeSession(of: user.id)
            let issued = try await world.core.serviceAccounts.createToken(
                account.id,
                lifetimeDays: 1,
                world.keyed(world.caller(["*"]), "canary-key")
            )
            var said = ""
            for _ in 0..<2 {
                said +=
                    "\((await attempt { try await world.makeUser("CANARY@example.com") }).refusal.map { "\($0) \(String(describing: $0.cause))" } ?? "")"
            }
            _ = try await world.core.sessions.validate(token: session.token, world.system)
            world.clock.advance(.seconds(86_400 * 400))
            said +=
                "\((await attempt { try await world.core.callers.authenticate(bearer: secret, world.anonymous()) }).refusal.map { "\($0)" } ?? "")"
            try await LastUseFlush(parts: world.parts).run()
            _ = try await Purge(parts: world.parts).run()
            said += world.log.text + "\(secret) \(session) \(issued)"
            for token in [secret, session.token, issued.secret] {
                let text = try #require(token.validatedUTF8String())
                #expect(!said.contains(text.dropFirst(4)))
                #expect(
                    try await world.number(
                        "SELECT COUNT(*) FROM audit_events WHERE details LIKE '%\(text.dropFirst(4))%'"
                    ) == 0
                )
            }
            #expect(!said.lowercased().contains("canary"))
            #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE details LIKE '%canary%'") == 0)
        }
    }
}

/// Ends a connection from within.
private struct Kill: Statement {
    static let sql: SQL = "KILL CONNECTION ?"
    let id: Int64
    func bind(to parameters: inout Parameters) { parameters.append(id) }
}

/// An event that its table refuses.
private struct BrokenAuditEvent: Statement {
    static let sql: SQL =
        "INSERT INTO audit_events (id, occurred_at, kind, outcome, actor_kind) VALUES (NULL, NOW(6), 'x', 1, 1)"
}
