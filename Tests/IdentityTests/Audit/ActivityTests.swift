import MariaDB
import Testing

@testable import Identity

/// What people see of the audit trail: their own account's events, and of others no more than that they acted.
struct ActivityTests {
    @Test func `a person sees what happened to the own account, newest first, in pages`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let other = try await world.signInCompletely("bob@example.com").session
        var kinds: [AuditEventKind] = []
        var token = ""
        repeat {
            let request = PageRequest(size: 2, token: token)
            let page = try await world.core.audit.activity(request, world.person(session))
            kinds += page.items.map(\.kind)
            token = page.nextPageToken ?? ""
        } while !token.isEmpty
        #expect(kinds.contains(.userCreated) && kinds.contains(.sessionCreated) && kinds.contains(.signInSucceeded))
        let whole = try await world.core.audit.activity(PageRequest(size: 1000), world.person(session)).items
        #expect(whole.map(\.kind) == kinds)
        #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.occurredAt >= $1.occurredAt })
        #expect(try await world.core.audit.activity(PageRequest(), world.person(other)).items.count == kinds.count)
    }

    @Test func `a token of one person's list is none for another's`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let other = try await world.signInCompletely("bob@example.com").session
        let page = try await world.core.audit.activity(PageRequest(size: 1), world.person(session))
        let request = PageRequest(size: 1, token: try #require(page.nextPageToken))
        await #expect(throws: FlowError.self) { try await world.core.audit.activity(request, world.person(other)) }
        await #expect(throws: FlowError.self) { try await world.core.audit.activity(PageRequest(), world.browser()) }
    }

    @Test func `where a stranger failed and an administrator sat is not told`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let started = try await world.begin("ada@example.com", world.browser("203.0.113.9"))
        _ = try await world.submit("AAAA-AAAA", started.handle, world.browser("203.0.113.9"))
        let id = try await world.identifier("ada@example.com", of: session.userID)
        _ = try? await world.core.identifiers.makePrimary(id, of: session.userID, world.administrator)
        let items = try await world.core.audit.activity(PageRequest(size: 1000), world.person(session)).items
        let failed = items.filter { !$0.isSuccess }
        #expect(!failed.isEmpty && failed.allSatisfy { $0.actor == .visitor && $0.sourceAddress == nil })
        #expect(items.contains { $0.kind == .signInSucceeded && $0.sourceAddress == "192.0.2.1" })
        #expect(items.allSatisfy { $0.actor != .service || $0.sourceAddress == nil })
    }
}
