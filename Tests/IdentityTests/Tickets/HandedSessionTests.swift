import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What sessions are handed over, and what becomes of those that applications got (SECURITY SE-06, SE-07).
@Suite(.serialized) struct HandedSessionTests {
    @Test func `who has not reached what is demanded, or not lately, signs in first`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let bank = try await world.makeShop("Bank") { $0.demand = .aal2 }
            let user = try await world.makeUser("a@example.com")
            let weak = try await world.makeSession(of: user.id)
            let strong = try await world.makeSession(of: user.id, level: .aal2, methods: ["otp", "mfa"])
            let key = try await world.makeSession(of: user.id, level: .aal2, methods: ["hwk", "user"])
            #expect(try await world.handOver(try world.request(shop), weak.token) != nil)
            #expect(try await world.handOver(try world.request(shop, demand: "aal2"), weak.token) == nil)
            #expect(try await world.handOver(try world.request(bank), weak.token) == nil)
            #expect(try await world.handOver(try world.request(bank), strong.token) != nil)
            #expect(try await world.handOver(try world.request(bank, demand: "passkey"), strong.token) == nil)
            #expect(try await world.handOver(try world.request(bank, demand: "passkey"), key.token) != nil)
            world.clock.advance(.seconds(300))
            #expect(try await world.handOver(try world.request(shop, maximumAge: "300"), weak.token) != nil)
            #expect(try await world.handOver(try world.request(shop, maximumAge: "299"), weak.token) == nil)
            #expect(try await world.handOver(try world.request(shop), nil) == nil)
            #expect(try await world.handOver(try world.request(shop), SecretBytes(utf8: "x")) == nil)
            let refused = HandOverRequest(
                application: shop.application.id.description,
                returnAddress: Shop.address,
                state: "a b"
            )
            #expect(refused == nil)
            #expect(
                (try? world.request(shop, demand: "aal3")) == nil && (try? world.request(shop, maximumAge: "+1")) == nil
            )
            #expect((try? world.request(shop, challenge: "abc")) == nil)
        }
    }

    @Test func `a session for repairing, and an application's, are not handed over`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            #expect(try await world.handOver(try world.request(shop), made.token) == nil)
            try await world.run("UPDATE sessions SET is_restricted = TRUE")
            #expect(try await world.handOver(try world.request(shop), own.token) == nil)
        }
    }

    /// An application is its users nowhere else: not on the site, not at another service, not for what needs a fresh proof.
    @Test func `an application's session is good for its own back end only, and proves nothing anew`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let other = try await world.makeShop("Other")
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let sessions = world.core.sessions
            for context in [world.anonymous(), world.system, other.backEnd, world.caller(["*"])] {
                await expectRefusal(.sessionInvalid) { try await sessions.validate(token: made.token, context) }
            }
            guard case .serviceAccount(let caller) = shop.backEnd.actor,
                case .serviceAccount(let stranger) = other.backEnd.actor
            else { throw Unexpected(outcome: "no caller") }
            let callers = world.core.callers
            await expectRefusal(.sessionInvalid) {
                try await callers.session(token: made.token, via: stranger, world.anonymous())
            }
            var person = world.anonymous()
            person.actor = .user(
                try await callers.session(token: made.token, via: caller, world.anonymous()),
                via: caller
            )
            let asUser = person
            #expect(try await world.core.users.get(user.id, asUser).id == user.id)
            await expectRefusal(.sessionOfApplication) { try await callers.requireFreshProof(asUser) }
            await expectRefusal(.sessionOfApplication) { try await world.core.users.export(user.id, asUser) }
            await expectRefusal(.sessionOfApplication) {
                try callers.authorize(asUser, permission: "authenticators.own", allowsOwn: true)
            }
            await expectRefusal(.sessionOfApplication) {
                try await world.core.signIn.beginStepUp(session: made.token, world.anonymous())
            }
        }
    }

    /// Ways to end the person's session, and whether the application's goes with it.
    private static let ends: [@Sendable (CoreWorld, (session: Session, token: SecretBytes)) async throws -> Void] = [
        { try await $0.core.sessions.signOut(token: $1.token, $0.anonymous()) },
        { try await $0.core.sessions.revoke($1.session.id, $0.system) },
        { _ = try await $0.core.sessions.revokeAll(of: $1.session.userID, $0.system) },
        { _ = try await $0.core.users.disable($1.session.userID, reason: "", $0.system) },
    ]

    @Test(arguments: 0..<4) func `it ends with the person's own session`(way: Int) async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let bystander = try await world.makeSession(of: try await world.makeUser("b@example.com").id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let kept = try await world.redeem(try await world.ticket(shop, of: bystander.token), shop.backEnd)
            let late = try await world.ticket(shop, of: own.token)
            try await Self.ends[way](world, own)
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, shop.backEnd)
            }
            // Neither does a ticket that is on its way make another one.
            await expectRefusal(.ticketInvalid) { try await world.redeem(late, shop.backEnd) }
            _ = try await world.core.sessions.validate(token: kept.token, shop.backEnd)
            _ = try await world.core.sessions.validate(token: bystander.token, world.system)
        }
    }

    @Test func `its own end ends nothing else`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            try await world.core.sessions.signOut(token: made.token, shop.backEnd)
            #expect(try await world.core.sessions.validate(token: own.token, world.system).id == own.session.id)
        }
    }

    @Test func `an application that is disabled, left without account, or deleted has no sessions`() async throws {
        try await withCore { world in
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            var disabling = ApplicationChanges()
            disabling.isDisabled = true
            var orphaning = ApplicationChanges()
            orphaning.redeemer = .nobody
            let changes: [ApplicationChanges?] = [disabling, orphaning, nil]
            for (index, change) in changes.enumerated() {
                let shop = try await world.makeShop("Shop \(index)")
                _ = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
                let late = try await world.ticket(shop, of: own.token)
                let applications = world.core.applications
                if let change {
                    _ = try await applications.update(shop.application.id, change, world.system)
                } else {
                    try await applications.delete(shop.application.id, world.system)
                }
                #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
                await expectRefusal(.ticketInvalid) { try await world.redeem(late, shop.backEnd) }
            }
        }
    }

    @Test func `signing in anew as the same user keeps it, as another does not`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let next = try await world.makeSession(of: user.id)
            let sessions = world.core.sessions
            try await sessions.signOut(token: own.token, successor: next.session, world.anonymous())
            _ = try await sessions.validate(token: made.token, shop.backEnd)
            let other = try await world.makeSession(of: try await world.makeUser("b@example.com").id)
            try await sessions.signOut(token: next.token, successor: other.session, world.anonymous())
            await expectRefusal(.sessionInvalid) { try await sessions.validate(token: made.token, shop.backEnd) }
        }
    }

    /// SECURITY SE-06: a stronger session may end before the one whose place it takes.
    @Test func `where its session is replaced it ends no later than the new one`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let stronger = try await world.makeSession(of: user.id, level: .aal2)
            #expect(stronger.session.expiresAt < made.session.expiresAt)
            try await world.core.sessions.signOut(token: own.token, successor: stronger.session, world.anonymous())
            let derived = try await world.core.sessions.validate(token: made.token, shop.backEnd)
            #expect(derived.expiresAt == stronger.session.expiresAt)
        }
    }

    /// SECURITY SE-06, SE-10.
    @Test func `hand-overs push out none of the person's own sessions, and go with the one they came of`() async throws
    {
        try await withCore({
            $0.sessions.maximumPerUser = 3
            $0.sessions.maximumPerApplication = 4
        }) { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let phone = try await world.makeSession(of: user.id)
            world.clock.advance(.seconds(1))
            let laptop = try await world.makeSession(of: user.id)
            world.clock.advance(.seconds(1))
            var last: SecretBytes?
            for _ in 0..<10 {
                let ticket = try await world.ticket(shop, of: laptop.token)
                last = try await world.redeem(ticket, shop.backEnd).token
            }
            _ = try await world.core.sessions.validate(token: phone.token, world.system)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE application_id IS NOT NULL") == 4)
            _ = try await world.core.sessions.validate(token: try #require(last), shop.backEnd)
            for _ in 0..<3 {
                world.clock.advance(.seconds(1))
                _ = try await world.makeSession(of: user.id)
            }
            #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 3)
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: try #require(last), shop.backEnd)
            }
        }
    }

    @Test func `it never outlives what it came of`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let made = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let (parts, now, context) = (world.parts, world.clock.now(), world.anonymous())
            let confirmed = try await parts.transaction(context) { transaction in
                try SessionStore(parts: parts).confirm(
                    own.session.id,
                    of: user.id,
                    level: .aal2,
                    methods: ["hwk"],
                    provedKind: .multiple,
                    at: now,
                    context,
                    transaction
                )
            }
            let end = try #require(confirmed?.session.expiresAt)
            #expect(end < made.session.expiresAt)
            world.clock.advance(end - now)
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: made.token, shop.backEnd)
            }
        }
    }

    @Test func `a ticket that is on its way is not purged, one that is over is, and an erased user leaves none`()
        async throws
    {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            _ = try await world.ticket(shop, of: own.token)
            world.clock.advance(.seconds(3659))
            _ = try await Purge(parts: world.parts).run()
            #expect(try await world.number("SELECT COUNT(*) FROM tickets") == 1)
            world.clock.advance(.seconds(1))
            _ = try await Purge(parts: world.parts).run()
            #expect(try await world.number("SELECT COUNT(*) FROM tickets") == 0)
            _ = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let export = try await world.core.users.export(user.id, world.system)
            #expect(export.contains("\"applicationSignIns\"") && export.contains("\"Shop\""))
            try await world.run("DELETE FROM users")
            #expect(
                try await world.number("SELECT (SELECT COUNT(*) FROM tickets) + (SELECT COUNT(*) FROM sessions)") == 0
            )
        }
    }
}
