import Cryptography
import Foundation
import Testing

@testable import Identity
@testable import MariaDB

/// Each kind of event by the scenario that it tells of (SECURITY LOG-01), and what is not written is not done (LOG-06).
@Suite(.timeLimit(.minutes(10)))
struct AuditScenarioTests {
    /// A kind without a scenario fails here: a test of this target must count its events, in a scenario of its own feature
    /// or below.
    @Test func `every kind of event has a test that counts it`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        let texts = try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }
        #expect(!texts.isEmpty)
        let untested = AuditEventKind.allCases.filter { kind in
            // Counted by the helper, or in a query of the test's own.
            let forms = ["events(.\(kind))", "'\(kind.rawValue)'", "\"\(kind.rawValue)\""]
            return !texts.contains { text in forms.contains { text.contains($0) } }
        }
        #expect(untested.isEmpty)
    }

    @Test func `the life of a user`() async throws {
        try await withCore { world in
            let users = world.core.users
            let user = try await world.makeUser("a@example.com").id
            #expect(try await world.events(.userCreated) == 1)
            _ = try await users.update(user, UserChanges(externalID: .some("x-1")), world.system)
            #expect(try await world.events(.userUpdated) == 1)
            _ = try await users.disable(user, reason: "left", world.system)
            #expect(try await world.events(.userDisabled) == 1)
            _ = try await users.enable(user, world.system)
            #expect(try await world.events(.userEnabled) == 1)
            _ = try await users.lock(user, until: world.clock.now() + .seconds(60), reason: "x", world.system)
            #expect(try await world.events(.userLocked) == 1)
            _ = try await users.enable(user, world.system)
            _ = try await users.delete(user, world.system)
            #expect(try await world.events(.userDeleted) == 1)
            _ = try await users.undelete(user, world.system)
            #expect(try await world.events(.userUndeleted) == 1)
            _ = try await users.delete(user, immediately: true, world.system)
            #expect(try await world.events(.userErased) == 1)
        }
    }

    @Test func `the life of roles and groups, and who has them`() async throws {
        try await withCore { world in
            let (roles, groups, membership) = (world.core.roles, world.core.groups, world.core.membership)
            let user = try await world.makeUser("a@example.com").id
            let role = try await roles.create(name: "r", world.system).id
            #expect(try await world.events(.roleCreated) == 1)
            _ = try await roles.update(role, CollectiveChanges(name: "s"), world.system)
            #expect(try await world.events(.roleUpdated) == 1)
            let (upper, lower) = (
                try await groups.create(name: "u", world.system).id, try await groups.create(name: "l", world.system).id
            )
            #expect(try await world.events(.groupCreated) == 2)
            _ = try await groups.update(upper, CollectiveChanges(demand: .aal2), world.system)
            #expect(try await world.events(.groupUpdated) == 1)
            let edge = GroupEdge(parent: upper, child: lower)
            try await membership.nest(edge, world.system)
            #expect(try await world.events(.groupNested) == 1)
            _ = try await membership.give(role, to: upper, world.system)
            _ = try await membership.give(role, to: user, world.system)
            #expect(try await world.events(.roleGiven) == 2)
            _ = try await membership.add(user, to: lower, world.system)
            #expect(try await world.events(.memberAdded) == 1)
            try await membership.remove(user, from: lower, world.system)
            #expect(try await world.events(.memberRemoved) == 1)
            try await membership.take(role, from: user, world.system)
            #expect(try await world.events(.roleTaken) == 1)
            try await membership.unnest(edge, world.system)
            #expect(try await world.events(.groupUnnested) == 1)
            _ = try await groups.delete(upper, world.system)
            #expect(try await world.events(.groupDeleted) == 1)
            _ = try await roles.delete(role, world.system)
            #expect(try await world.events(.roleDeleted) == 1)
        }
    }

    @Test func `the life of a service account, and callers that are refused`() async throws {
        try await withCore { world in
            let accounts = world.core.serviceAccounts
            let first = try await world.core.bootstrap.run(world.system)
            #expect(try await world.events(.bootstrapped) == 1)
            world.clock.advance(.seconds(90 * 86_400))
            _ = try await world.core.bootstrap.recover(world.system)
            #expect(try await world.events(.administratorRecovered) == 1)
            await expectRefusal(.credentialsInvalid) { try await world.context(bearer: first.secret) }
            #expect(try await world.events(.callerRefused) == 1)
            let (account, _) = try await world.makeAccount("shop", scopes: ["users.read"])
            #expect(try await world.events(.serviceAccountCreated) == 1)
            #expect(try await world.events(.serviceTokenCreated) == 1)
            let token = try #require(try await accounts.get(account.id, world.system).tokens.first)
            _ = try await accounts.update(account.id, ServiceAccountChanges(description: "x"), world.system)
            #expect(try await world.events(.serviceAccountUpdated) == 1)
            try await accounts.revokeToken(account.id, token.id, world.system)
            #expect(try await world.events(.serviceTokenRevoked) == 1)
            try await world.core.callers.recordDenial(
                .permissionMissing,
                permission: "users.write",
                world.caller(["users.read"])
            )
            #expect(try await world.events(.accessDenied) == 1)
            try await accounts.delete(account.id, world.system)
            #expect(try await world.events(.serviceAccountDeleted) == 1)
        }
    }

    @Test func `sessions from their beginning to every end`() async throws {
        try await withCore {
            $0.sessions.maximumPerUser = 2
        } _: { world in
            let user = try await world.makeUser("a@example.com").id
            var tokens: [SecretBytes] = []
            for _ in 0..<3 { tokens.append(try await world.makeSession(of: user).token) }
            #expect(try await world.events(.sessionCreated) == 3)
            #expect(try await world.events(.sessionReplaced) == 1)
            try await world.core.sessions.signOut(token: tokens[2], world.system)
            #expect(try await world.events(.sessionSignedOut) == 1)
            let other = try await world.makeSession(of: user).session
            try await world.core.sessions.revoke(other.id, world.system)
            #expect(try await world.events(.sessionRevoked) == 1)
            _ = try await world.core.sessions.revokeAll(of: user, world.system)
            #expect(try await world.events(.sessionsRevoked) == 1)
        }
    }

    @Test func `a sign-in that succeeds, one that is refused, one too many, and a confirmation`() async throws {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let signedIn = try await world.signInCompletely(address)
        #expect(try await world.events(.signInCodeSent) == 1)
        #expect(try await world.events(.signInSucceeded) == 1)
        world.clock.advance(.seconds(61))
        let started = try await world.signIn.beginStepUp(session: signedIn.token, world.browser())
        let code = try #require(try await world.code(to: address))
        _ = try await world.submit(code, started.handle)
        #expect(try await world.events(.sessionConfirmed) == 1)
        let user = try await world.core.users.create(
            NewUser(identifiers: [NewIdentifier(kind: .email, value: "bo@example.com")]),
            world.administrator
        )
        _ = try await world.signInCompletely("bo@example.com")
        #expect(try await world.events(.identifierVerified) >= 1)
        var tries = 0
        while try await world.events(.signInThrottled) == 0, tries < 40 {
            world.clock.advance(.seconds(1))
            let flow = try await world.begin(address)
            for _ in 0..<3 { _ = try? await world.submit("ABCD-EFGH", flow.handle) }
            tries += 1
        }
        #expect(try await world.events(.signInRefused) >= 1)
        #expect(try await world.events(.signInThrottled) >= 1)
        _ = try await world.core.throttles.clear(for: user.id, world.administrator)
        #expect(try await world.events(.throttleCleared) == 1)
    }

    @Test func `authenticators are added, renamed, used up and removed`() async throws {
        let world = try await SignInWorld.withPasswords()
        let address = "ada@example.com"
        let app = try await world.enrolledApp(address)
        #expect(try await world.events(.authenticatorAdded) == 1)
        let session = try await world.fresh(app.session, kind: .possession)
        try await world.core.totp.rename(app.id, to: "Other", world.person(session))
        #expect(try await world.events(.authenticatorRenamed) == 1)
        let codes = try await world.core.recoveryCodes.generate(world.person(session))
        world.clock.advance(.seconds(3600))
        let proved = try await world.proveAddress(address)
        _ = try await world.signIn.submitRecoveryCode(proved.handle, code: codes[0], world.browser())
        #expect(try await world.events(.recoveryCodeUsed) == 1)
        let owner = try await world.fresh(try await world.userWithPassword("bo@example.com"), kind: .knowledge)
        try await world.core.passwords.set(
            SecretBytes(utf8: "another orange 47 bottle"),
            current: SecretBytes(utf8: SignInWorld.password),
            world.person(owner)
        )
        #expect(try await world.events(.passwordChanged) >= 1)
        let bo = try await world.core.users.find(by: .email("bo@example.com"), world.administrator).id
        try await world.core.passwords.demandReset(of: bo, world.administrator)
        #expect(try await world.events(.passwordResetDemanded) == 1)
        try await world.core.totp.remove(app.id, of: app.session.userID, world.administrator)
        #expect(try await world.events(.authenticatorRemoved) >= 1)
    }

    @Test func `names of a person are claimed, added, made the main one, replaced and removed`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let (user, person) = (session.userID, world.person(session))
        _ = try await world.add("b@example.com", person)
        #expect(try await world.events(.identifierClaimed) == 1)
        #expect(try await world.events(.identifierAdded) == 1)
        let second = try await world.identifier("b@example.com", of: user)
        _ = try await world.core.identifiers.makePrimary(second, of: user, world.administrator)
        #expect(try await world.events(.identifierMadePrimary) == 1)
        let first = try await world.identifier("ada@example.com", of: user)
        _ = try await world.core.identifiers.remove(first, of: user, world.administrator)
        #expect(try await world.events(.identifierRemoved) == 1)
        world.clock.advance(.seconds(61))
        _ = try await world.add("c@example.com", replacing: second, person)
        #expect(try await world.events(.identifierReplaced) == 1)
        _ = try await world.core.identifiers.setUsername("ada", of: user, world.administrator)
        #expect(try await world.events(.usernameChanged) == 1)
    }

    @Test func `invitations are made, sent again, accepted and revoked`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let invitations = world.core.invitations
        let first = try await invitations.create(NewInvitation(email: "a@example.com"), world.administrator)
        #expect(try await world.events(.invitationCreated) == 1)
        world.clock.advance(.seconds(61))
        _ = try await invitations.resend(first.id, world.administrator)
        #expect(try await world.events(.invitationSent) == 1)
        let secret = try await world.linkSecret(to: "a@example.com")
        _ = try await world.core.signIn.acceptInvitation(secret, world.browser())
        #expect(try await world.events(.invitationAccepted) == 1)
        let second = try await invitations.create(NewInvitation(email: "b@example.com"), world.administrator)
        _ = try await invitations.revoke(second.id, world.administrator)
        #expect(try await world.events(.invitationRevoked) == 1)
    }

    @Test func `what cannot be told to the audit trail is not done`() async throws {
        try await withCore { world in
            let user = try await world.makeUser("a@example.com").id
            let session = try await world.makeSession(of: user).session
            let (account, _) = try await world.makeAccount("shop", scopes: ["users.read"])
            let core = world.core
            let changes: [@Sendable () async throws -> Void] = [
                { _ = try await world.makeUser("b@example.com") },
                { _ = try await core.users.update(user, UserChanges(externalID: .some("y")), world.system) },
                { _ = try await core.users.disable(user, reason: "x", world.system) },
                { _ = try await core.users.delete(user, world.system) },
                { _ = try await core.users.delete(user, immediately: true, world.system) },
                { try await core.sessions.revoke(session.id, world.system) },
                { _ = try await core.sessions.revokeAll(of: user, world.system) },
                { _ = try await world.makeSession(of: user) },
                { _ = try await world.makeAccount("other", scopes: ["*"]) },
                { _ = try await core.serviceAccounts.createToken(account.id, lifetimeDays: 1, world.system) },
                { try await core.serviceAccounts.delete(account.id, world.system) },
                { _ = try await core.bootstrap.run(world.system) },
            ]
            let state = """
                SELECT CAST(SUM(CRC32(CONCAT_WS(',', t.a, t.b, t.c, t.d))) AS SIGNED) FROM (
                    SELECT 1 a, HEX(id) b, revision c, state d FROM users
                    UNION ALL SELECT 2, HEX(id), HEX(token_hash), 0 FROM sessions
                    UNION ALL SELECT 3, HEX(id), revision, name FROM service_accounts
                    UNION ALL SELECT 4, HEX(id), 0, 0 FROM service_tokens
                    UNION ALL SELECT 5, HEX(user_id), canonical, 0 FROM user_identifiers) t
                """
            let before = try await world.number(state)
            // As on a full disk: no event can be added.
            let administration = try Connection.openAny(world.configuration)
            try administration.execute(text: "UPDATE audit_events SET unsealed = NULL")
            try administration.execute(text: "ALTER TABLE audit_events ADD CONSTRAINT full CHECK (unsealed IS NULL)")
            for (index, change) in changes.enumerated() {
                await expectRefusal(.internalFailure) { try await change() }
                #expect(try await world.number(state) == before, "change \(index)")
            }
            try administration.execute(text: "ALTER TABLE audit_events DROP CONSTRAINT full")
            for change in changes.prefix(3) { try await change() }
            #expect(try await world.number(state) != before)
        }
    }
}

extension SignInWorld {
    /// How many audit events of a kind there are.
    fileprivate func events(_ kind: AuditEventKind) async throws -> Int64 {
        try await number("SELECT COUNT(*) FROM audit_events WHERE kind = '\(kind.rawValue)'")
    }
}
