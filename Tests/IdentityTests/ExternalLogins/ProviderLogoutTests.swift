import Cryptography
import JSON
import MariaDB
import OpenIDConnect
import Synchronization
import Testing

@testable import Identity

/// SECURITY OI-18.
struct ProviderLogoutTests {
    private func signIn(_ world: ProviderWorld, _ subject: String, session: String) async throws -> SignedIn {
        let outcome = try await world.signIn(["sub": .string(subject), "sid": .string(session)])
        return try #require(outcome.signedIn)
    }

    private func isLive(_ world: ProviderWorld, _ token: SecretBytes) async -> Bool {
        (try? await world.core.sessions.validate(token: token, world.world.anonymous())) != nil
    }

    private func logOut(_ world: ProviderWorld, _ token: SecretBytes) async throws -> Bool {
        try await world.core.externalLogins.logOut("example", token: token, world.world.anonymous())
    }

    @Test
    func `a logout token ends the sessions that it names, once, and no others`() async throws {
        let world = try await ProviderWorld()
        let first = try await signIn(world, "ada", session: "s1")
        let second = try await signIn(world, "ada", session: "s2")
        let eve = try await signIn(world, "eve", session: "s1")
        let otherwise = try await world.world.makeSession(of: first.session.userID).token

        let ofOne = try world.answers.logoutToken("j1", subject: "ada", session: "s1")
        #expect(try await logOut(world, ofOne))
        #expect(await !isLive(world, first.token))
        #expect(await isLive(world, second.token))
        #expect(await isLive(world, eve.token), "the session must be the subject's")
        #expect(try await !logOut(world, ofOne), "a token is good once")

        #expect(try await logOut(world, world.answers.logoutToken("j2", subject: "ada")))
        #expect(await !isLive(world, second.token))
        #expect(await isLive(world, otherwise), "the provider never vouched for this session")

        #expect(try await logOut(world, world.answers.logoutToken("j3", subject: nil, session: "s1")))
        #expect(await !isLive(world, eve.token))
        #expect(try await world.world.events(.sessionRevoked) == 3)
    }

    @Test
    func `what is no logout token of this provider ends nothing`() async throws {
        let world = try await ProviderWorld()
        _ = try await ProviderWorld.make("second", world.world) { $0.clientID = "another" }
        let ada = try await signIn(world, "ada", session: "s1")
        for text in ["", "x", "a.b.c", try world.answers.token()] {
            #expect(try await !logOut(world, SecretBytes(utf8: text)))
        }
        let context = world.world.anonymous()
        for name in ["second", "nobody"] {
            let token = try world.answers.logoutToken("j1", subject: "ada")
            #expect(try await !world.core.externalLogins.logOut(name, token: token, context), "\(name)")
        }
        let old = try world.answers.logoutToken("j2", subject: "ada")
        world.world.clock.advance(.seconds(300))
        #expect(try await !logOut(world, old))
        #expect(await isLive(world, ada.token))
        let off = ProviderChanges(isEnabled: false)
        _ = try await world.core.providers.update(world.provider.id, off, world.world.system)
        #expect(try await !logOut(world, world.answers.logoutToken("j3", subject: "ada")))
        #expect(await isLive(world, ada.token))
    }

    @Test
    func `a provider whose keys cannot be asked for ends nothing yet, and is told to come again`() async throws {
        let world = try await ProviderWorld()
        let token = try world.answers.logoutToken("j1", subject: "ada")
        world.answers.isDown.withLock { $0 = true }
        await expectRefusal(.providerUnavailable) { try await logOut(world, token) }
    }
}
