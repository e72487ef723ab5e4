import Cryptography
import MariaDB
import Testing

@testable import Identity

/// SECURITY DB-04: addresses that many prove at the same moment.
@Suite(.serialized) struct IdentifierRaceTests {
    @Test func `of fifty confirmations of one code at once, one counts`() async throws {
        let world = try await SignInWorld(lanes: 8) { $0.throttling.account.burst = nil }
        let session = try await world.signInCompletely("ada@example.com").session
        let person = world.person(session)
        let claim = try await world.core.identifiers.begin(.email, "new@example.com", person)
        let code = try await world.claimCode(to: "new@example.com")
        let results = await withTaskGroup(of: Result<User?, FlowError>.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await attempt { try await world.core.identifiers.confirm(claim.id, code: code, person) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.compactMap { $0.value ?? nil }.count == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM user_identifiers") == 2)
        #expect(try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'identifier.added'") == 1)
        #expect(try await world.number("SELECT COUNT(*) FROM identifier_undos") == 1)
    }

    @Test func `of eight people who prove one address at once, one gets it`() async throws {
        let world = try await SignInWorld(lanes: 8) { $0.code.resendInterval = .microseconds(1) }
        var people: [(CallContext, IdentifierClaimID, SecretBytes)] = []
        for index in 0..<8 {
            let person = world.person(try await world.signInCompletely("p\(index)@example.com").session)
            world.clock.advance(.milliseconds(1))
            let claim = try await world.core.identifiers.begin(.email, "one@example.com", person)
            people.append((person, claim.id, try await world.claimCode(to: "one@example.com")))
        }
        let results = await withTaskGroup(of: Result<User?, FlowError>.self) { group in
            for (person, id, code) in people {
                group.addTask { await attempt { try await world.core.identifiers.confirm(id, code: code, person) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.compactMap { $0.value ?? nil }.count == 1)
        #expect(results.compactMap(\.refusal?.reason) == [ReasonID](repeating: .identifierTaken, count: 7))
        let owners = try await world.number("SELECT COUNT(*) FROM user_identifiers WHERE canonical = 'one@example.com'")
        #expect(owners == 1)
    }

    @Test func `of two who remove each other's last way in at once, one is refused`() async throws {
        let world = try await SignInWorld(lanes: 8)
        let session = try await world.signInCompletely("a@example.com").session
        let person = world.person(session)
        _ = try await world.add("b@example.com", person)
        let ids = try await world.core.users.get(session.userID, person).identifiers.map(\.id)
        let results = await withTaskGroup(of: Result<User, FlowError>.self) { group in
            for id in ids {
                group.addTask {
                    await attempt { try await world.core.identifiers.remove(id, of: session.userID, person) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.compactMap(\.value).count == 1)
        #expect(results.compactMap(\.refusal?.reason) == [.lastWayIn])
    }
}
