import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY 1.10: the life of a session.
@Suite(.serialized) struct SessionFlowsTests {
    /// SECURITY SE-01.
    @Test func `a session is known by its token and by nothing else`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let made = try await world.makeSession(of: user.id)
            let sessions = world.core.sessions
            let read = try await sessions.validate(token: made.token, world.system)
            #expect(read == made.session)
            let text = made.token.withBytes { Array($0) }
            let others = [
                Array(text.dropLast()), text + [0x41], [], Array(made.session.id.description.utf8),
                [UInt8](repeating: 0xFF, count: 53),
                TokenText.make(.session, random: SystemRandom()).token.withBytes { Array($0) },
            ]
            for other in others {
                await expectRefusal(.sessionInvalid) {
                    try await sessions.validate(token: SecretBytes(copying: other), world.system)
                }
            }
            let stored = try await world.number(
                "SELECT COUNT(*) FROM sessions WHERE LOCATE('\(String(decoding: text, as: UTF8.self))', CONCAT_WS(' ', id, token_hash, user_agent, methods))"
            )
            #expect(stored == 0)
            #expect(try await world.number("SELECT LENGTH(token_hash) FROM sessions") == 32)
        }
    }

    @Test func `a service account needs the right to validate`() async throws {
        try await withCore { world in
            let made = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let sessions = world.core.sessions
            await expectRefusal(.permissionMissing) {
                try await sessions.validate(token: made.token, world.caller(["users.*"]))
            }
            #expect(
                try await sessions.validate(token: made.token, world.caller(["sessions.validate"])).id
                    == made.session.id
            )
        }
    }

    /// SECURITY SE-05.
    @Test(arguments: [(AssuranceLevel.aal1, 604_800), (.aal2, 3600)])
    func `an unused session ends at its idle limit`(level: AssuranceLevel, idle: Int) async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let made = try await world.makeSession(of: user.id, level: level)
            let other = try await world.makeSession(of: user.id, level: level)
            world.clock.advance(.seconds(idle) - .microseconds(1))
            #expect(try await world.core.sessions.validate(token: made.token, world.system).id == made.session.id)
            world.clock.advance(.microseconds(1))
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: other.token, world.system)
            }
            // The use a moment ago is not written yet, and counts.
            #expect(
                try await world.core.sessions.validate(token: made.token, world.system).lastUsedAt
                    > made.session.lastUsedAt
            )
        }
    }

    /// SECURITY SE-05.
    @Test(arguments: [(AssuranceLevel.aal1, 2_592_000, 500_000), (.aal2, 86_400, 3000)])
    func `no use carries a session past its absolute limit`(level: AssuranceLevel, absolute: Int, step: Int)
        async throws
    {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let made = try await world.makeSession(of: user.id, level: level)
            let end = world.clock.now() + .seconds(absolute)
            while world.clock.now() + .seconds(step) < end {
                world.clock.advance(.seconds(step))
                let used = try await world.core.sessions.validate(token: made.token, world.system)
                #expect(used.expiresAt == end)
            }
            world.clock.advance(end - world.clock.now() - .microseconds(1))
            _ = try await world.core.sessions.validate(token: made.token, world.system)
            world.clock.advance(.microseconds(1))
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, world.system)
            }
        }
    }

    /// SECURITY SE-05.
    @Test func `a use is written once a minute at most, and holds on other nodes from then on`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let made = try await world.makeSession(of: user.id, level: .aal2)
            let other = try CoreWorld(world.configuration, clock: world.clock)
            world.clock.advance(.seconds(30))
            _ = try await world.core.sessions.validate(token: made.token, world.system)
            #expect(world.parts.lastUses.use(of: made.session.id) == nil)
            world.clock.advance(.seconds(3500))
            let before = world.database.statementCount
            for _ in 0..<50 { _ = try await world.core.sessions.validate(token: made.token, world.system) }
            #expect(world.database.statementCount - before <= 50)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE last_used_at > created_at") == 0)
            try await LastUseFlush(parts: world.parts).run()
            #expect(world.parts.lastUses.use(of: made.session.id) == nil)
            world.clock.advance(.seconds(3599))
            let seen = try await other.core.sessions.validate(token: made.token, world.system)
            #expect(seen.lastUsedAt == world.clock.now() - .seconds(3599))
            world.clock.advance(.seconds(1))
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, world.system)
            }
        }
    }

    /// SECURITY SE-06.
    @Test func `an end is in force at once on every node`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let other = try CoreWorld(world.configuration, clock: world.clock)
            let made = try await world.makeSession(of: user.id)
            _ = try await other.core.sessions.validate(token: made.token, world.system)
            try await world.core.sessions.revoke(made.session.id, world.system)
            await expectRefusal(.sessionInvalid) {
                try await other.core.sessions.validate(token: made.token, world.system)
            }
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, world.system)
            }
            try await world.core.sessions.revoke(made.session.id, world.system)
            #expect(try await world.events(.sessionRevoked) == 1)
        }
    }

    @Test func `a person lists and ends only his own`() async throws {
        try await withCore { world in
            let (ada, bob) = (try await world.makeUser("a@example.com"), try await world.makeUser("b@example.com"))
            let (mine, his) = (try await world.makeSession(of: ada.id), try await world.makeSession(of: bob.id))
            let me = world.person(mine.session)
            let sessions = world.core.sessions
            #expect(try await sessions.list(ada.id, PageRequest(), me).items.map(\.id) == [mine.session.id])
            await expectRefusal(.notFound) { try await sessions.list(bob.id, PageRequest(), me) }
            await expectRefusal(.notFound) { try await sessions.revokeAll(of: bob.id, me) }
            try await sessions.revoke(his.session.id, me)
            #expect(try await sessions.validate(token: his.token, world.system).id == his.session.id)
            try await sessions.revoke(mine.session.id, me)
            await expectRefusal(.sessionInvalid) { try await sessions.validate(token: mine.token, world.system) }
        }
    }

    @Test func `all sessions end, or all but one`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            var made: [(session: Session, token: SecretBytes)] = []
            for _ in 0..<5 { made.append(try await world.makeSession(of: user.id)) }
            #expect(try await world.core.sessions.revokeAll(of: user.id, except: made[2].session.id, world.system) == 4)
            #expect(try await world.core.sessions.validate(token: made[2].token, world.system).id == made[2].session.id)
            #expect(try await world.core.sessions.revokeAll(of: user.id, world.system) == 1)
            #expect(try await world.core.sessions.revokeAll(of: user.id, world.system) == 0)
        }
    }

    @Test func `signing out ends the session of the token, twice is once`() async throws {
        try await withCore { world in
            let made = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            try await world.core.sessions.signOut(token: made.token, world.anonymous())
            try await world.core.sessions.signOut(token: made.token, world.anonymous())
            try await world.core.sessions.signOut(token: SecretBytes(utf8: "nonsense"), world.anonymous())
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, world.system)
            }
            #expect(try await world.events(.sessionSignedOut) == 1)
        }
    }

    /// SECURITY SE-10.
    @Test func `the hundred and first session ends the oldest, also in a race`() async throws {
        try await withCore(lanes: 8) {
            $0.sessions.maximumPerUser = 5
        } _: { world in
            let user = try await world.makeUser("a@example.com")
            let first = try await world.makeSession(of: user.id)
            world.clock.advance(.seconds(1))
            for _ in 0..<4 { _ = try await world.makeSession(of: user.id) }
            _ = try await world.core.sessions.validate(token: first.token, world.system)
            world.clock.advance(.seconds(1))
            let last = try await world.makeSession(of: user.id)
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: first.token, world.system)
            }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try? await world.makeSession(of: user.id) } }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 5)
            #expect(last.session.userID == user.id)
            #expect(IdentityPolicy().sessions.maximumPerUser == 100)
        }
    }

    @Test func `pages run from the newest to the oldest and skip what is over`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            _ = try await world.makeSession(of: user.id, level: .aal2)
            world.clock.advance(.seconds(3600))
            var made: [SessionID] = []
            for _ in 0..<5 {
                world.clock.advance(.seconds(1))
                made.insert(try await world.makeSession(of: user.id).session.id, at: 0)
            }
            let first = try await world.core.sessions.list(user.id, PageRequest(size: 3), world.system)
            #expect(first.items.map(\.id) == Array(made.prefix(3)))
            let next = PageRequest(size: 3, token: first.nextPageToken ?? "")
            let second = try await world.core.sessions.list(user.id, next, world.system)
            #expect(second.items.map(\.id) == Array(made.suffix(2)) && second.nextPageToken == nil)
        }
    }

    @Test func `what a browser calls itself is shown without tricks`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com")
            let agent = "x\u{0}\r\n\u{202E}\u{1B}[31m<b>" + String(repeating: "y", count: 2000)
            let made = try await world.makeSession(of: user.id, userAgent: agent)
            #expect(made.session.userAgent.hasPrefix("x?????[31m<b>yyy"))
            #expect(made.session.userAgent.unicodeScalars.count == 512)
            let read = try await world.core.sessions.validate(token: made.token, world.system)
            #expect(read.userAgent == made.session.userAgent && read.sourceAddress == "192.0.2.1")
        }
    }
}
