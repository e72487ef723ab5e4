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

    @Test func `options ask for what the policy wants`() async throws {
        let world = try await SignInWorld.withPasskeys {
            $0.passkeys.userVerification = .required
            $0.passkeys.attestationConveyance = .direct
        }
        let person = world.person(try await world.signInCompletely(address).session)
        let options = try await world.core.passkeys.beginRegistration(person)
        #expect(try PasskeyClient.member("attestation", of: options) == "direct")
        let wanted = try PasskeyClient.member("userVerification", of: options, in: "authenticatorSelection")
        #expect(wanted == "required")
    }

    /// SECURITY WR-16.
    @Test func `a passkey that does not know its owner is taken unless the policy demands it`() async throws {
        _ = try await register(SignInWorld.withPasskeys(), flags: 0x41)
        let strict = try await SignInWorld.withPasskeys { $0.passkeys.userVerification = .required }
        await expectRefusal(.enrolmentRefused) { try await register(strict, flags: 0x41) }
        #expect(try await strict.number("SELECT COUNT(*) FROM passkeys") == 0)
        strict.clock.advance(.seconds(3600))
        _ = try await register(strict)
    }

    @Test func `refused models, formats and strangers' models are not registered`() async throws {
        let model = try #require(AAGUID([UInt8](repeating: 7, count: 16)))
        let changes: [@Sendable (inout AttestationPolicy) -> Void] = [
            { $0.deniedModels = [model] }, { $0.formats = [.packed] }, { $0.requiresTrust = true },
        ]
        for change in changes {
            let world = try await SignInWorld.withPasskeys { change(&$0.passkeys.attestation) }
            await expectRefusal(.enrolmentRefused) { try await register(world) }
            #expect(try await world.number("SELECT COUNT(*) FROM passkeys") == 0)
        }
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
