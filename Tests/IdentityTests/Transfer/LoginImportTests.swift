import Cryptography
import JSON
import MariaDB
import Testing

@testable import Identity

/// Logins at providers move with the users who have them.
struct LoginImportTests {
    private static func record(_ name: String, _ change: (inout UserRecord.ExternalLogin) -> Void = { _ in })
        -> UserRecord
    {
        userRecord("\(name)@example.org") { record in
            var login = UserRecord.ExternalLogin()
            (login.provider, login.subject) = ("example", name)
            change(&login)
            record.externalLogins = [login]
        }
    }

    @Test
    func `a login that was imported signs its user in`() async throws {
        let world = try await ProviderWorld()
        let made = try await world.world.load([Self.record("ada")])
        let user = try #require(made.first?.user)
        let login = try #require(try await world.core.externalLogins.list(user, world.world.system).first)
        #expect(login.issuer == "https://id.example" && login.label == "ada" && login.provider.name == "example")
        let signedIn = try await world.signIn(["sub": .string("ada")]).signedIn
        #expect(signedIn?.session.userID == user && signedIn?.isNewUser == false)
    }

    @Test
    func `a login is imported once, at a provider that is there, by its own issuer`() async throws {
        let world = try await ProviderWorld()
        let results = try await world.world.load([
            Self.record("ada"), Self.record("eve") { $0.subject = "ada" },
            Self.record("bob") { $0.provider = "nobody" },
            Self.record("cat") { $0.issuer = "https://evil.example" }, Self.record("dan") { $0.subject = "0" },
        ])
        #expect(results.map(\.outcome.isFailure) == [false, true, true, true, true])
        #expect(
            results.map { $0.outcome.problems.first?.field ?? "" } == [
                "", "external_logins", "external_logins[0].provider", "external_logins[0].issuer",
                "external_logins[0].subject",
            ]
        )
        let again = try await world.world.load([Self.record("fay") { $0.subject = "ada" }])
        #expect(again.first?.outcome.problems.first?.field == "external_logins")
        #expect(try await world.world.number("SELECT COUNT(*) FROM external_logins") == 1)
    }

    /// SECURITY PW-15: whoever imports would choose a way in for somebody.
    @Test
    func `nobody gets a login beside what he signs in with here`() async throws {
        let world = try await ProviderWorld()
        let made = try await world.world.load([Self.record("ada")])
        _ = try await world.world.makeSession(of: try #require(made.first?.user))
        let other = Self.record("ada") { $0.subject = "mallory" }
        let results = try await world.world.load([other], ImportOptions(conflict: .overwrite))
        #expect(results.first?.outcome.isFailure == true)
        #expect(try await world.world.number("SELECT COUNT(*) FROM external_logins WHERE subject = 'mallory'") == 0)
    }
}
