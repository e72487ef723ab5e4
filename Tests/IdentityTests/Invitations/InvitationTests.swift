import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// SECURITY REC-07, ADM-11: invitations are good once, exactly as long as they say, for one address, where the policy
/// lets anybody in.
struct InvitationTests {
    private let bob = "Bob@example.com"

    private func invite(_ world: SignInWorld, _ email: String? = nil, externalID: String? = nil) async throws
        -> Invitation
    {
        let new = NewInvitation(email: email ?? bob, externalID: externalID)
        return try await world.core.invitations.create(new, world.administrator)
    }

    private func accept(_ secret: SecretBytes, _ world: SignInWorld) async throws -> SignInOutcome {
        try await world.core.signIn.acceptInvitation(secret, world.browser())
    }

    @Test(arguments: [SelfRegistration.invited, .open, .domains(["other.example"])])
    func `whoever has the link becomes a user with the address it was sent to`(policy: SelfRegistration) async throws {
        let world = try await SignInWorld { $0.selfRegistration = policy }
        let invitation = try await invite(world, externalID: "old-7")
        #expect(invitation.state(at: world.clock.now()) == .open)
        #expect(invitation.expiresAt - invitation.createdAt == .seconds(604_800))
        let secret = try await world.linkSecret(to: bob)
        #expect(try await world.core.signIn.canAcceptInvitation(secret, world.browser()))
        guard case .signedIn(let signedIn) = try await accept(secret, world) else {
            throw Unexpected(outcome: "not signed in")
        }
        #expect(signedIn.isNewUser && signedIn.session.level == .aal1)
        let user = try await world.core.users.get(signedIn.session.userID, world.administrator)
        #expect(user.names == ["\(bob)*"] && user.identifiers.first?.verifiedAt != nil && user.externalID == "old-7")
        let over = try await world.core.invitations.get(invitation.id, world.administrator)
        #expect(over.state(at: world.clock.now()) == .accepted && over.userID == user.id)
        #expect(try await accept(secret, world).shape == .ended)
        #expect(try await world.core.signIn.canAcceptInvitation(secret, world.browser()) == false)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
    }

    @Test func `where registration is closed nobody is invited, and no link works`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        _ = try await invite(world)
        let secret = try await world.linkSecret(to: bob)
        let closed = try SignInWorld(world.configuration, clock: world.clock, post: world.post) {
            $0.selfRegistration = .closed
        }
        await expectRefusal(.invitationsOff) { try await invite(closed, "c@example.com") }
        #expect(try await accept(secret, closed).shape == .ended)
        #expect(try await closed.number("SELECT COUNT(*) FROM users") == 0)
        let started = try await closed.begin(bob)
        #expect(try await closed.code(to: bob) == nil)
        #expect(try await closed.submit("AAAA-AAAA", started.handle).shape == .tryAgain)
    }

    @Test func `a code to the invited address makes the same user, and the link is used up`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let stranger = try await world.begin("eve@example.com")
        #expect(try await world.code(to: "eve@example.com") == nil)
        _ = stranger
        _ = try await invite(world, externalID: "old-8")
        let secret = try await world.linkSecret(to: bob)
        let signedIn = try await world.signInCompletely("bob@EXAMPLE.com")
        let user = try await world.core.users.get(signedIn.session.userID, world.administrator)
        #expect(user.externalID == "old-8")
        #expect(try await accept(secret, world).shape == .ended)
    }

    @Test func `a link is good until its time is over and not a moment longer`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let new = NewInvitation(email: bob, lifetimeDays: 1)
        _ = try await world.core.invitations.create(new, world.administrator)
        let secret = try await world.linkSecret(to: bob)
        world.clock.advance(.seconds(86_400) - .microseconds(1))
        #expect(try await world.core.signIn.canAcceptInvitation(secret, world.browser()))
        world.clock.advance(.microseconds(1))
        #expect(try await accept(secret, world).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 0)
    }

    @Test func `a revoked link and one that another replaced are void`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let first = try await invite(world)
        let old = try await world.linkSecret(to: bob)
        await expectRefusal(.throttled) { try await world.core.invitations.resend(first.id, world.administrator) }
        world.clock.advance(.seconds(61))
        let sent = try await world.core.invitations.resend(first.id, expectedRevision: 1, world.administrator)
        #expect(sent.revision == 2 && sent.expiresAt > first.expiresAt)
        let new = try await world.linkSecret(to: bob)
        #expect(try await accept(old, world).shape == .ended)
        await expectRefusal(.revisionConflict) {
            try await world.core.invitations.revoke(first.id, expectedRevision: 1, world.administrator)
        }
        _ = try await world.core.invitations.revoke(first.id, world.administrator)
        #expect(try await accept(new, world).shape == .ended)
        await expectRefusal(.invitationOver) { try await world.core.invitations.revoke(first.id, world.administrator) }
        world.clock.advance(.seconds(61))
        let second = try await invite(world)
        world.clock.advance(.seconds(61))
        _ = try await invite(world)
        let over = try await world.core.invitations.get(second.id, world.administrator)
        #expect(over.state(at: world.clock.now()) == .revoked)
    }

    @Test func `a link of a service account that is disabled is void`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let account = try await world.core.serviceAccounts.create(
            name: "hr",
            description: "",
            scopes: ["users.*"],
            certificateNames: [],
            world.administrator
        )
        _ = try await world.core.invitations.create(NewInvitation(email: bob), world.application(account.id))
        let secret = try await world.linkSecret(to: bob)
        try world.run("UPDATE service_accounts SET is_disabled = TRUE")
        #expect(try await accept(secret, world).shape == .ended)
        try world.run("UPDATE service_accounts SET is_disabled = FALSE")
        #expect(try await accept(secret, world).shape == .signedIn)
    }

    @Test func `a link lets nobody into an account that is there`() async throws {
        let world = try await SignInWorld()
        _ = try await invite(world)
        let secret = try await world.linkSecret(to: bob)
        _ = try await world.core.users.create(
            NewUser(identifiers: [NewIdentifier(kind: .email, value: bob)]),
            world.administrator
        )
        #expect(try await accept(secret, world).shape == .ended)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
    }

    @Test func `of many who press the button at once, one gets a session`() async throws {
        let world = try await SignInWorld(lanes: 8) { $0.selfRegistration = .invited }
        _ = try await invite(world)
        let secret = try await world.linkSecret(to: bob)
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for _ in 0..<20 {
                group.addTask { await attempt { try await accept(secret, world).shape }.value }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM users") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 1)
    }

    @Test func `what is wrong with an invitation is told at once, and who is there already`() async throws {
        let world = try await SignInWorld()
        let bad = NewInvitation(email: "a@b@c", externalID: "\n", lifetimeDays: 31)
        let refusal = await expectRefusal(.emailInvalid) {
            try await world.core.invitations.create(bad, world.administrator)
        }
        guard case .invalidInput(let problems) = refusal?.code else { throw Unexpected(outcome: "\(refusal as Any)") }
        #expect(problems.map(\.field) == ["email", "external_id", "lifetime_days"])
        _ = try await world.makeUser("ada@example.com")
        let taken = await expectRefusal(.identifierTaken) { try await invite(world, "ADA@example.com") }
        #expect(taken?.field == "email")
        await expectRefusal(.permissionMissing) {
            let session = try await world.signInCompletely("eve@example.com").session
            return try await world.core.invitations.create(NewInvitation(email: bob), world.person(session))
        }
    }

    @Test func `no list, row or log holds the secret, and erasing a person forgets their invitation`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        _ = try await invite(world)
        let secret = try #require(try await world.linkSecret(to: bob).validatedUTF8String())
        let listed = try await world.core.invitations.list(PageRequest(size: 0, token: ""), world.administrator)
        #expect(listed.items.count == 1 && !"\(listed)".contains(secret))
        #expect(try await world.number("SELECT COUNT(*) FROM invitations WHERE LOCATE('ghi_', token_hash) > 0") == 0)
        guard case .signedIn(let signedIn) = try await accept(SecretBytes(utf8: secret), world) else {
            throw Unexpected(outcome: "not signed in")
        }
        _ = try await world.core.users.delete(signedIn.session.userID, immediately: true, world.administrator)
        #expect(try await world.number("SELECT COUNT(*) FROM invitations") == 0)
    }
}
