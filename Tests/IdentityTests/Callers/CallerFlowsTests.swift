import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY RPC-02, RPC-03, RPC-04, RPC-06.
@Suite(.serialized) struct CallerFlowsTests {
    @Test func `a token stands for its account with the rights that it has now`() async throws {
        try await withCore { world in
            _ = try await world.core.bootstrap.run(world.system)
            let (account, secret) = try await world.makeAccount("shop", scopes: ["users.read"])
            let other = try CoreWorld(world.configuration, clock: world.clock)
            let caller = try await world.core.callers.authenticate(bearer: secret, world.anonymous())
            #expect(caller.id == account.id && caller.name == "shop" && caller.scopes.names == ["users.read"])
            _ = try await world.core.serviceAccounts.update(
                account.id,
                ServiceAccountChanges(scopes: ["sessions.*"]),
                world.system
            )
            for core in [world.core, other.core] {
                let now = try await core.callers.authenticate(bearer: secret, world.anonymous())
                #expect(now.scopes.names == ["sessions.*"])
            }
            _ = try await world.core.serviceAccounts.update(
                account.id,
                ServiceAccountChanges(isDisabled: true),
                world.system
            )
            for core in [world.core, other.core] {
                await expectRefusal(.credentialsInvalid) {
                    try await core.callers.authenticate(bearer: secret, world.anonymous())
                }
            }
            #expect(try await world.events(.callerRefused) == 2)
        }
    }

    @Test func `a token ends at its time, by revocation, and with its account`() async throws {
        try await withCore { world in
            _ = try await world.core.bootstrap.run(world.system)
            let (account, first) = try await world.makeAccount("shop", scopes: ["users.read"])
            let callers = world.core.callers
            let second = try await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 1, world.system)
            world.clock.advance(.seconds(86_400) - .microseconds(1))
            _ = try await callers.authenticate(bearer: second.secret, world.anonymous())
            world.clock.advance(.microseconds(1))
            await expectRefusal(.credentialsInvalid) {
                try await callers.authenticate(bearer: second.secret, world.anonymous())
            }
            let third = try await world.core.serviceAccounts.createToken(account.id, lifetimeDays: 366, world.system)
            try await world.core.serviceAccounts.revokeToken(account.id, third.token.id, world.system)
            try await world.core.serviceAccounts.revokeToken(account.id, third.token.id, world.system)
            await expectRefusal(.credentialsInvalid) {
                try await callers.authenticate(bearer: third.secret, world.anonymous())
            }
            _ = try await callers.authenticate(bearer: first, world.anonymous())
            try await world.core.serviceAccounts.delete(account.id, world.system)
            await expectRefusal(.credentialsInvalid) {
                try await callers.authenticate(bearer: first, world.anonymous())
            }
            #expect(try await world.number("SELECT COUNT(*) FROM service_tokens") == 1)
        }
    }

    @Test func `what is no token of ours is refused without asking the database`() async throws {
        try await withCore { world in
            let (_, secret) = try await world.makeAccount("shop", scopes: [])
            let text = secret.withBytes { Array($0) }
            let before = world.database.statementCount
            var altered = text
            altered[20] ^= 1
            for other in [[], altered, Array(text.dropLast()), text + [0], Array("ghs_".utf8) + text.dropFirst(4)] {
                await expectRefusal(.credentialsInvalid) {
                    try await world.core.callers.authenticate(bearer: SecretBytes(copying: other), world.anonymous())
                }
            }
            #expect(world.database.statementCount == before)
            let unknown = TokenText.make(.serviceToken, random: SystemRandom()).token
            await expectRefusal(.credentialsInvalid) {
                try await world.core.callers.authenticate(bearer: unknown, world.anonymous())
            }
        }
    }

    @Test func `authentication is one read and no write, and the use is told later`() async throws {
        try await withCore { world in
            let (account, secret) = try await world.makeAccount("shop", scopes: [])
            world.clock.advance(.seconds(120))
            let before = world.database.statementCount
            for _ in 0..<20 { _ = try await world.core.callers.authenticate(bearer: secret, world.anonymous()) }
            #expect(world.database.statementCount - before <= 20)
            #expect(try await world.core.serviceAccounts.get(account.id, world.system).tokens.first?.lastUsedAt == nil)
            try await LastUseFlush(parts: world.parts).run()
            let token = try await world.core.serviceAccounts.get(account.id, world.system).tokens.first
            #expect(token?.lastUsedAt == world.clock.now())
        }
    }

    @Test func `a certificate's names stand for the account that has them`() async throws {
        try await withCore { world in
            let names = ["spiffe://corp/shop", "Shop.Internal"]
            let (account, _) = try await world.makeAccount("shop", scopes: ["users.read"], certificateNames: names)
            _ = try await world.makeAccount("till", scopes: [], certificateNames: ["till.internal"])
            let callers = world.core.callers
            for presented in [["spiffe://corp/shop"], ["SHOP.internal"], ["other", "shop.internal"], names] {
                let caller = try await callers.authenticate(certificateNames: presented, world.anonymous())
                #expect(caller.id == account.id && caller.credential == .certificate)
            }
            let refused = [
                [], ["unknown"], ["SPIFFE://corp/shop"], ["*.internal"], ["shop.internal\u{0}.evil"],
                ["shop.internal", "till.internal"],
                ["shop.internal", "*"], (0..<21).map { "n\($0)" }, ["shop.internal "], [""],
            ]
            for presented in refused {
                await expectRefusal(.credentialsInvalid) {
                    try await callers.authenticate(certificateNames: presented, world.anonymous())
                }
            }
            _ = try await world.core.serviceAccounts.update(
                account.id,
                ServiceAccountChanges(isDisabled: true),
                world.system
            )
            await expectRefusal(.credentialsInvalid) {
                try await callers.authenticate(certificateNames: names, world.anonymous())
            }
        }
    }

    @Test func `methods are closed but to those who hold what they declare`() async throws {
        try await withCore { world in
            let made = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let callers = world.core.callers
            try callers.authorize(world.anonymous(), permission: "public", allowsOwn: false)
            try callers.authorize(world.caller(["users.read"]), permission: "users.read", allowsOwn: false)
            try callers.authorize(world.person(made.session), permission: "users.read", allowsOwn: true)
            await expectRefusal(.credentialsMissing) {
                try callers.authorize(world.anonymous(), permission: "users.read", allowsOwn: true)
            }
            await expectRefusal(.permissionMissing) {
                try callers.authorize(world.caller([]), permission: "users.read", allowsOwn: true)
            }
            await expectRefusal(.permissionMissing) {
                try callers.authorize(world.caller(["users.*"]), permission: "", allowsOwn: true)
            }
            let refusal = await expectRefusal(.userAccessRefused) {
                try callers.authorize(world.person(made.session), permission: "users.read", allowsOwn: false)
            }
            try await callers.recordDenial(try #require(refusal), permission: "users.read", world.person(made.session))
            #expect(try await world.events(.accessDenied) == 1)
        }
    }

    @Test func `a call for a user has the user's rights, not the caller's, and both are recorded`() async throws {
        try await withCore { world in
            let made = try await world.makeSession(of: try await world.makeUser("a@example.com").id)
            let other = try await world.makeUser("b@example.com")
            guard case .serviceAccount(let caller) = world.caller(["*"]).actor else {
                throw Unexpected(outcome: "no caller")
            }
            let session = try await world.core.callers.session(token: made.token, via: caller, world.anonymous())
            var context = world.anonymous()
            context.actor = .user(session, via: caller)
            await expectRefusal(.notFound) { try await world.core.users.get(other.id, context) }
            await expectRefusal(.permissionMissing) {
                try await world.core.users.disable(other.id, reason: "", context)
            }
            try await world.core.sessions.revoke(session.id, context)
            let recorded = try await world.number(
                """
                SELECT COUNT(*) FROM audit_events WHERE kind = 'session.revoked' AND actor_kind = 2
                    AND actor_id = UNHEX(REPLACE('\(session.userID)', '-', ''))
                    AND via_service_account_id = UNHEX(REPLACE('\(caller.id)', '-', ''))
                """
            )
            #expect(recorded == 1)
        }
    }
}
