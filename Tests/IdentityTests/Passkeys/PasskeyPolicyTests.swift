import Cryptography
import ScriptedAuthenticator
import Testing
import WebAuthn

@testable import Identity

/// What the configuration of passkeys changes.
struct PasskeyPolicyTests {
    private let address = "ada@example.com"

    private func register(
        _ world: SignInWorld,
        flags: UInt8 = 0x45,
        _ bend: (inout ScriptedAuthenticator.Script) -> Void = { _ in }
    ) async throws -> Passkey {
        let person = world.person(try await world.signInCompletely(address).session)
        var client = try PasskeyClient()
        let response = try client.register(try await world.core.passkeys.beginRegistration(person), flags: flags, bend)
        return try await world.core.passkeys.finishRegistration(response, name: "Key", person)
    }

    /// SECURITY WO-07.
    @Test func `pages of related origins register passkeys, and no others`() async throws {
        let world = try await SignInWorld {
            $0.passkeys.serve(
                siteURL: "https://example.org",
                siteName: "Example",
                relatedOrigins: ["https://example.com", "https://example.de:8443"]
            )
        }
        for origin in ["https://example.com", "https://example.de:8443", "https://example.org"] {
            _ = try await register(world) { $0.origin = origin }
            world.clock.advance(.seconds(86_400 * 2))
            try world.run("DELETE FROM passkeys")
        }
        for origin in ["https://example.de", "https://www.example.com", "http://example.com"] {
            await expectRefusal(.enrolmentRefused) { try await register(world) { $0.origin = origin } }
            world.clock.advance(.seconds(3600))
        }
    }
}
