import Cryptography
import JSON
import MariaDB
import OpenIDConnect
import Synchronization
import Testing

@testable import Identity

/// SECURITY OI-11.
struct LinkingTests {
    private static let login: [String: JSONValue] = [
        "sub": .string("ada-at-work"), "email": .string("ada@work.example"),
    ]

    private func link(
        _ world: ProviderWorld,
        _ session: Session,
        as person: [String: JSONValue] = login,
        comingBackAs other: Session? = nil
    ) async throws -> ExternalOutcome {
        let started = try await world.core.externalLogins.beginLink("example", world.world.person(session))
        return try await world.comeBack(started, person, handle: nil, world.world.person(other ?? session))
    }

    @Test
    func `a login is linked in the session that asked, opens the account, and can be unlinked`() async throws {
        let world = try await ProviderWorld()
        let user = try await world.world.makeUser("ada@example.com")
        try await world.world.run("UPDATE user_identifiers SET verified_at = NOW(6)")
        let session = try await world.world.makeSession(of: user.id).session
        let login = try #require(try await link(world, session).linked)
        #expect(login.label == "ada@work.example" && login.userID == user.id)
        #expect(try await world.signIn(Self.login).signedIn?.session.userID == user.id)
        #expect(try await link(world, session).linked?.id == login.id)
        try await world.core.externalLogins.unlink(login.id, of: user.id, world.world.person(session))
        #expect(try await world.core.externalLogins.list(user.id, world.world.person(session)).isEmpty)
        #expect(try await world.world.events(.authenticatorAdded) == 1)
        #expect(try await world.world.events(.authenticatorRemoved) == 1)
    }

    @Test
    func `what is done to a provider is in the audit trail`() async throws {
        let world = try await ProviderWorld()
        let (providers, system) = (world.core.providers, world.world.system)
        #expect(try await world.world.events(.providerCreated) == 1)
        _ = try await providers.update(world.provider.id, ProviderChanges(isEnabled: false), system)
        #expect(try await world.world.events(.providerUpdated) == 1)
        try await providers.delete(world.provider.id, system)
        #expect(try await world.world.events(.providerDeleted) == 1)
    }

    @Test
    func `nobody's answer is linked to another session, and nobody's login to a second account`() async throws {
        let world = try await ProviderWorld()
        let (ada, eve) = (
            try await world.world.makeUser("ada@example.com"), try await world.world.makeUser("eve@example.com")
        )
        let (adas, eves) = (
            try await world.world.makeSession(of: ada.id).session, try await world.world.makeSession(of: eve.id).session
        )
        #expect(try await link(world, eves, comingBackAs: adas).refusal == .over)
        #expect(try await link(world, adas).linked != nil)
        #expect(try await link(world, eves).refusal == .taken)
    }

    @Test
    func `linking and unlinking need a fresh proof`() async throws {
        let world = try await ProviderWorld()
        let user = try await world.world.makeUser("ada@example.com")
        let session = try await world.world.makeSession(of: user.id).session
        let login = try #require(try await link(world, session).linked)
        world.world.clock.advance(.seconds(601))
        await expectRefusal(.stepUpRequired) {
            try await world.core.externalLogins.beginLink("example", world.world.person(session))
        }
        await expectRefusal(.stepUpRequired) {
            try await world.core.externalLogins.unlink(login.id, of: user.id, world.world.person(session))
        }
    }

    @Test
    func `the last way in stays, unless an administrator insists`() async throws {
        let world = try await ProviderWorld()
        let signedIn = try #require(try await world.signIn(Self.login).signedIn)
        let (user, person) = (signedIn.session.userID, world.world.person(signedIn.session))
        let login = try #require(try await world.core.externalLogins.list(user, person).first)
        await expectRefusal(.lastWayIn) { try await world.core.externalLogins.unlink(login.id, of: user, person) }
        await expectRefusal(.lastWayIn) {
            try await world.core.externalLogins.unlink(login.id, of: user, world.world.caller(["*"]))
        }
        try await world.core.externalLogins.unlink(login.id, of: user, evenIfLastWayIn: true, world.world.caller(["*"]))
    }

    @Test
    func `a provider that is used is deleted only when that is said`() async throws {
        let world = try await ProviderWorld()
        _ = try await world.signIn(Self.login)
        await expectRefusal(.providerUsed) {
            try await world.core.providers.delete(world.provider.id, world.world.system)
        }
        try await world.core.providers.delete(world.provider.id, evenIfUsed: true, world.world.system)
        #expect(try await world.world.number("SELECT COUNT(*) FROM external_logins") == 0)
    }

    @Test
    func `providers are changed with their permission and revision, and told apart by name`() async throws {
        let world = try await ProviderWorld()
        let changes = ProviderChanges(displayName: "Example")
        await expectRefusal(.permissionMissing) {
            try await world.core.providers.update(world.provider.id, changes, world.world.caller(["providers.read"]))
        }
        await expectRefusal(.revisionConflict) {
            try await world.core.providers.update(world.provider.id, changes, expectedRevision: 9, world.world.system)
        }
        await expectRefusal(.providerNameTaken) { try await ProviderWorld.make("example", world.world) }
        await expectRefusal(.fieldInvalid) { try await ProviderWorld.make("Example", world.world) }
        await expectRefusal(.fieldInvalid) {
            try await ProviderWorld.make("third", world.world) { $0.issuer = "http://id.example" }
        }
        let updated = try await world.core.providers.update(world.provider.id, changes, world.world.system)
        #expect(updated.revision == 2 && updated.displayName == "Example" && updated.hasSecret)
        let report = try await world.core.providers.test(world.provider.id, world.world.system)
        #expect(
            report.isGood && report.findings.contains { $0.sentence.contains("/sign-in/external/example/callback") }
        )
        world.answers.isDown.withLock { $0 = true }
        #expect(!(try await world.core.providers.test(world.provider.id, world.world.system).isGood))
    }
}
