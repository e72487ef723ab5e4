import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY PRI-02: nothing is left of what names, claims, undos, invitations and messages knew of a person, and what a
/// person was called gives nobody else anything.
@Suite(.serialized) struct ErasureOfNamesTests {
    @Test func `erasing leaves no name of a person anywhere, sent, waiting, replaced or undone`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .invited }
        let invitation = NewInvitation(email: "canary@example.com", externalID: "canary-1", languages: "x-canary")
        _ = try await world.core.invitations.create(invitation, world.administrator)
        let secret = try await world.linkSecret(to: "canary@example.com")
        var browser = world.browser()
        browser.userAgent = "canary browser"
        guard case .signedIn(let signedIn) = try await world.core.signIn.acceptInvitation(secret, browser) else {
            throw Unexpected(outcome: "not signed in")
        }
        let user = signedIn.session.userID
        let person = world.person(signedIn.session)
        let old = try await world.identifier("canary@example.com", of: user)
        _ = try await world.add("canary2@example.com", replacing: old, person)
        _ = try await world.core.identifiers.setUsername("canary3", of: user, person)
        _ = try await world.core.identifiers.begin(.email, "canary4@example.com", person)
        _ = try await world.core.users.lock(
            user,
            until: world.clock.now() + .seconds(60),
            reason: "canary reason",
            world.administrator
        )
        _ = try await world.core.users.unlock(user, world.administrator)
        _ = try await world.core.users.export(user, world.administrator)
        #expect(try await world.places(of: "canary").contains("identifier_undos.`removed_canonical`"))
        _ = try await world.core.users.delete(user, immediately: true, world.administrator)
        #expect(try await world.places(of: "canary") == [])
        let hex = "UNHEX(REPLACE('\(user)', '-', ''))"
        for table in AccountPart.all.flatMap(\.tables) where table != "idempotency_keys" {
            #expect(try await world.number("SELECT COUNT(*) FROM \(table) WHERE user_id = \(hex)") == 0, "\(table)")
        }
    }

    @Test func `the address of a person who is gone gives whoever has it next a new account`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let person = world.person(session)
        _ = try await world.add("second@example.com", person)
        let undo = try await world.linkSecret(to: "ada@example.com")
        _ = try await world.core.identifiers.setUsername("ada", of: session.userID, person)
        _ = try await world.core.users.delete(session.userID, immediately: true, world.administrator)
        world.clock.advance(.seconds(3600))
        let next = try await world.signInCompletely("ada@example.com")
        #expect(next.isNewUser && next.session.userID != session.userID)
        #expect(try await world.core.users.get(next.session.userID, world.administrator).names == ["ada@example.com*"])
        await expectRefusal(.notFound) { try await world.core.identifiers.undo(undo, world.browser()) }
        await expectRefusal(.notFound) { try await world.core.users.get(session.userID, world.administrator) }
    }

    @Test func `nothing that was sealed for an account that was merged opens elsewhere, and nothing names it`()
        async throws
    {
        let world = try await SignInWorld()
        let target = try await world.makeUser("ada@example.com")
        let source = try await world.makeUser("other@example.com")
        _ = try await world.core.users.merge(source, into: target, MergeChoices(), world.administrator)
        let hex = "UNHEX(REPLACE('\(source)', '-', ''))"
        for table in AccountPart.all.flatMap(\.tables) where table != "idempotency_keys" {
            #expect(try await world.number("SELECT COUNT(*) FROM \(table) WHERE user_id = \(hex)") == 0, "\(table)")
        }
        _ = try await world.core.users.delete(target, immediately: true, world.administrator)
        #expect(try await world.places(of: "example.com") == [])
    }
}
