import Cryptography
import JSON
import MariaDB
import Testing

@testable import Identity

/// PRODUCT section 7: a sign-in on its way to an application.
@Suite(.serialized) struct TicketTests {
    @Test func `an application gets a session of its own that says what the person's says`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("ada@example.com")
            let own = try await world.makeSession(of: user.id, level: .aal2, methods: ["hwk", "user"])
            world.clock.advance(.seconds(60))
            let redeemed = try await world.redeem(try await world.ticket(shop, of: own.token), shop.backEnd)
            let made = redeemed.session
            #expect(made.id != own.session.id)
            #expect(redeemed.token.validatedUTF8String() != own.token.validatedUTF8String())
            #expect(made.userID == user.id && made.level == .aal2 && made.methods == own.session.methods)
            #expect(made.authenticatedAt == own.session.authenticatedAt && made.expiresAt == own.session.expiresAt)
            #expect(made.provedLevel == own.session.provedLevel)
            #expect(made.applicationID == shop.application.id && own.session.applicationID == nil)
            #expect(try await world.core.sessions.validate(token: redeemed.token, shop.backEnd) == made)
            let claims = Dictionary(uniqueKeysWithValues: redeemed.claims.map { ($0.name, $0.value) })
            #expect(claims["sub"] == .string(user.id.description) && claims["sid"] == .string(made.id.description))
            #expect(claims["email"] == .string("ada@example.com") && claims["acr"] == .string("aal2"))
            #expect(claims["amr"] == .array([.string("hwk"), .string("user")]))
            #expect(claims["auth_time"] == .seconds(own.session.authenticatedAt))
            // No scope that it is not registered for.
            #expect(claims["roles"] == nil && claims["preferred_username"] == nil)
            #expect(try await world.events(.ticketIssued) == 1)
            #expect(try await world.events(.ticketRedeemed) == 1)
        }
    }

    /// SECURITY SE-01.
    @Test func `a ticket is stored as a hash, and is no session`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let ticket = try await world.ticket(shop, of: own.token)
            #expect(ticket.validatedUTF8String()?.hasPrefix("ghk_") == true && ticket.count == TokenText.length)
            #expect(try await world.number("SELECT LENGTH(token_hash) FROM tickets") == 32)
            let text = try #require(ticket.validatedUTF8String())
            #expect(
                try await world.number(
                    "SELECT COUNT(*) FROM tickets WHERE LOCATE('\(text)', CONCAT_WS('', token_hash))"
                )
                    == 0
            )
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: ticket, world.system)
            }
        }
    }

    @Test func `a replayed ticket is refused and ends what the first one got`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let ticket = try await world.ticket(shop, of: own.token)
            let first = try await world.redeem(ticket, shop.backEnd)
            world.clock.advance(.seconds(1800))
            await expectRefusal(.ticketInvalid) { try await world.redeem(ticket, shop.backEnd) }
            await expectRefusal(.sessionInvalid) {
                try await world.core.sessions.validate(token: first.token, shop.backEnd)
            }
            #expect(try await world.core.sessions.validate(token: own.token, world.system).id == own.session.id)
            #expect(try await world.events(.ticketReplayed) == 1)
        }
    }

    @Test func `the same call again with its idempotency key gets the same answer`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let ticket = try await world.ticket(shop, of: own.token)
            let context = world.keyed(shop.backEnd, "k")
            let answers = [try await world.redeem(ticket, context), try await world.redeem(ticket, context)]
            #expect(answers[0].token.validatedUTF8String() == answers[1].token.validatedUTF8String())
            #expect(answers[0].session == answers[1].session)
            #expect(answers[0].claims == answers[1].claims)
            #expect(try await world.events(.ticketReplayed) == 0)
        }
    }

    @Test func `of fifty who bring one ticket at once, one gets a session`() async throws {
        try await withCore(lanes: 8) { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let ticket = try await world.ticket(shop, of: own.token)
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do throws(FlowError) {
                            _ = try await world.redeem(ticket, shop.backEnd)
                            return true
                        } catch {
                            guard error.reason == .ticketInvalid else { throw error }
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await world.events(.ticketRedeemed) == 1)
            #expect(try await world.events(.ticketReplayed) == 49)
            #expect(try await world.number("SELECT COUNT(*) FROM sessions WHERE application_id IS NOT NULL") == 0)
        }
    }

    /// The address that a browser was sent to is its own: what it asked for may be gone when the ticket comes.
    @Test func `a sign-in that is older or less than the back end wants is refused, and its ticket used up`()
        async throws
    {
        try await withCore { world in
            let shop = try await world.makeShop()
            let user = try await world.makeUser("a@example.com")
            let own = try await world.makeSession(of: user.id)
            let strong = try await world.makeSession(of: user.id, level: .aal2, methods: ["otp", "mfa"])
            world.clock.advance(.seconds(300))
            // A minute more is for the way here.
            let young = try await world.ticket(shop, of: own.token)
            _ = try await world.redeem(young, shop.backEnd, maximumAge: .seconds(240))
            for age in [Duration.seconds(239), .zero] {
                let ticket = try await world.ticket(shop, of: own.token)
                await expectRefusal(.ticketInvalid) {
                    try await world.redeem(ticket, shop.backEnd, maximumAge: age)
                }
            }
            let weak = try await world.ticket(shop, of: own.token)
            await expectRefusal(.ticketInvalid) { try await world.redeem(weak, shop.backEnd, demand: .aal2) }
            await expectRefusal(.ticketInvalid) { try await world.redeem(weak, shop.backEnd) }
            let enough = try await world.ticket(shop, of: strong.token)
            _ = try await world.redeem(enough, shop.backEnd, maximumAge: .seconds(3600), demand: .aal2)
            let keyless = try await world.ticket(shop, of: strong.token)
            await expectRefusal(.ticketInvalid) { try await world.redeem(keyless, shop.backEnd, demand: .passkey) }
            let kept = try await world.ticket(shop, of: own.token)
            await expectRefusal(.fieldInvalid) {
                try await world.redeem(kept, shop.backEnd, maximumAge: .seconds(-1))
            }
            _ = try await world.redeem(kept, shop.backEnd)
        }
    }

    @Test func `a ticket is good for a minute`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let early = try await world.ticket(shop, of: own.token)
            world.clock.advance(.seconds(60) - .microseconds(1))
            _ = try await world.redeem(early, shop.backEnd)
            let late = try await world.ticket(shop, of: own.token)
            world.clock.advance(.seconds(60))
            await expectRefusal(.ticketInvalid) { try await world.redeem(late, shop.backEnd) }
            #expect(try await world.events(.ticketRefused) == 1)
        }
    }

    @Test func `a stolen ticket is of no use`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let thief = try await world.makeShop("Thief")
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            // To another application it is unknown, and stays good for its own.
            let ticket = try await world.ticket(shop, of: own.token)
            await expectRefusal(.ticketInvalid) { try await world.redeem(ticket, thief.backEnd) }
            _ = try await world.redeem(ticket, shop.backEnd)
            // Brought to another browser of the same application it lacks that one's secret, and is used up.
            let others: [(String, SecretBytes)] = [
                (Shop.address, SecretBytes(utf8: String(repeating: "w", count: 43))),
                (Shop.address, SecretBytes(utf8: "")),
                (Shop.address, SecretBytes(utf8: Shop.challenge)),
                (Shop.address, SecretBytes(utf8: String(repeating: "v", count: 42))),
                (Shop.address + "/", Shop.verifier), ("", Shop.verifier),
            ]
            for (address, verifier) in others {
                let ticket = try await world.ticket(shop, of: own.token)
                await expectRefusal(.ticketInvalid) {
                    try await world.redeem(ticket, shop.backEnd, at: address, verifier: verifier)
                }
                await expectRefusal(.ticketInvalid) { try await world.redeem(ticket, shop.backEnd) }
            }
            await expectRefusal(.permissionMissing) {
                try await world.redeem(ticket, world.caller(["sessions.*"], id: shop.application.serviceAccountID))
            }
        }
    }

    @Test func `a challenge that was taken away is noticed`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop { $0.allowsMissingChallenge = true }
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let bare = try await world.handOver(try world.request(shop, challenge: ""), own.token)
            let ticket = try #require(bare)
            await expectRefusal(.ticketInvalid) { try await world.redeem(ticket, shop.backEnd) }
            let again = try #require(try await world.handOver(try world.request(shop, challenge: ""), own.token))
            _ = try await world.redeem(again, shop.backEnd, verifier: SecretBytes(utf8: ""))
        }
    }

    @Test func `nothing is handed over to what is not registered`() async throws {
        try await withCore { world in
            let shop = try await world.makeShop()
            let idle = try await world.makeShop("Idle") { $0.redeemer = .nobody }
            let closed = try await world.makeShop("Closed")
            var changes = ApplicationChanges()
            changes.isDisabled = true
            _ = try await world.core.applications.update(closed.application.id, changes, world.system)
            let own = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let unknown = try #require(
                HandOverRequest(
                    application: UserID.zero.description,
                    returnAddress: Shop.address,
                    state: "",
                    challenge: Shop.challenge
                )
            )
            let requests = [
                try world.request(shop, to: Shop.address + "/"), try world.request(shop, to: Shop.address + "?x=1"),
                try world.request(shop, to: "https://shop.example.com/Callback"),
                try world.request(shop, to: "https://evil.example.com/callback"),
                try world.request(shop, challenge: ""), try world.request(idle), try world.request(closed), unknown,
            ]
            for request in requests {
                await expectRefusal(.handOverRefused) { try await world.handOver(request, own.token) }
                await expectRefusal(.handOverRefused) { try await world.handOver(request, nil) }
            }
            #expect(try await world.number("SELECT COUNT(*) FROM tickets") == 0)
        }
    }
}
