import MariaDB
import Testing

@testable import Identity

struct WaitingClaimTests {
    @Test func `an address that waits for its code is shown to its owner, and can be given up`() async throws {
        let world = try await SignInWorld()
        let ada = world.person(try await world.signInCompletely("ada@example.com").session)
        let bob = world.person(try await world.signInCompletely("bob@example.com").session)
        #expect(try await world.core.identifiers.waiting(ada) == nil)
        let claim = try await world.core.identifiers.begin(.email, "new@example.com", ada)
        #expect(try await world.core.identifiers.waiting(ada) == claim)
        #expect(try await world.core.identifiers.waiting(bob) == nil)
        try await world.core.identifiers.withdraw(claim.id, bob)
        #expect(try await world.core.identifiers.waiting(ada) == claim)
        try await world.core.identifiers.withdraw(claim.id, ada)
        try await world.core.identifiers.withdraw(claim.id, ada)
        #expect(try await world.core.identifiers.waiting(ada) == nil)
        let code = try await world.claimCode(to: "new@example.com")
        await #expect(throws: FlowError.self) { try await world.core.identifiers.confirm(claim.id, code: code, ada) }
    }

    @Test func `a claim that ran out waits no more`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        _ = try await world.core.identifiers.begin(.email, "new@example.com", world.person(session))
        world.clock.advance(.seconds(900))
        #expect(try await world.core.identifiers.waiting(world.person(session)) == nil)
    }
}
