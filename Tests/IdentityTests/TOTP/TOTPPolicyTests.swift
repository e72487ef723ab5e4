import Cryptography
import MariaDB
import Testing

@testable import Identity

/// What the configuration of apps and proofs changes.
struct TOTPPolicyTests {
    private let address = "ada@example.com"

    @Test func `apps show the issuer of the policy, in the code that is drawn, too`() async throws {
        let world = try await SignInWorld { $0.totp.issuer = "Ours & Co" }
        let person = world.person(try await world.signInCompletely(address).session)
        let started = try await world.core.totp.begin(name: "Phone", person)
        let uri = try #require(started.provisioningURI.validatedUTF8String())
        #expect(uri.hasPrefix("otpauth://totp/Ours%20%26%20Co:ada%40example.com?"))
        #expect(uri.contains("&issuer=Ours%20%26%20Co&"))
        let image = try #require(started.qrCode?.validatedUTF8String())
        #expect(image.hasPrefix("<svg ") && !image.contains("Ours"))
    }

    @Test func `an app waits as long, and there are as many, as the policy says`() async throws {
        let world = try await SignInWorld {
            $0.totp.pendingLifetime = .seconds(60)
            $0.totp.maximumPerUser = 1
        }
        let person = world.person(try await world.signInCompletely(address).session)
        let started = try await world.core.totp.begin(name: "one", person)
        #expect(started.expiresAt == world.clock.now() + .seconds(60))
        await expectRefusal(.tooManyAuthenticators) { try await world.core.totp.begin(name: "two", person) }
        world.clock.advance(.seconds(60))
        await expectRefusal(.notFound) {
            try await world.core.totp.confirm(started.device.id, code: world.code(of: started.secret), person)
        }
        _ = try await world.core.totp.begin(name: "three", person)
    }

    @Test func `a proof is fresh for as long as the policy says`() async throws {
        let world = try await SignInWorld { $0.proofFreshness = .seconds(120) }
        let person = world.person(try await world.signInCompletely(address).session)
        world.clock.advance(.seconds(120))
        _ = try await world.core.totp.begin(name: "one", person)
        world.clock.advance(.seconds(1))
        await expectRefusal(.stepUpRequired) { try await world.core.totp.begin(name: "two", person) }
    }

    @Test(arguments: [(Duration.seconds(7200), OutcomeShape.signedIn), (.zero, .proceed)])
    func `a device is remembered for as long as the policy says`(lifetime: Duration, shape: OutcomeShape) async throws {
        let world = try await SignInWorld { $0.devices.rememberedFor = lifetime }
        let app = try await world.enrolledApp(address)
        let context = world.browser(with: app.device)
        let first = try await world.proveAddress(address, context)
        let code = try app.code(world)
        _ = try await world.signIn.submitTOTP(first.handle, code: code, remembersDevice: true, context)
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address, context).outcome.shape == shape)
        world.clock.advance(.seconds(3600))
        #expect(try await world.proveAddress(address, context).outcome.shape == .proceed)
    }
}
