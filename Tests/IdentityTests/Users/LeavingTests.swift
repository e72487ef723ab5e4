import Cryptography
import MariaDB
import Testing

@testable import Identity

/// A person's own deletion, and taking it back (PRODUCT section 2, SECURITY PRI-02).
struct LeavingTests {
    /// Somebody who asked for deletion, and the secret that was mailed.
    private static func leave(_ world: SignInWorld) async throws -> (session: Session, secret: SecretBytes) {
        let session = try await world.signInCompletely("ada@example.com").session
        let user = try await world.core.users.leave(world.person(session))
        #expect(user.state == .pendingDeletion && user.deleteAfter == world.clock.now() + .seconds(604_800))
        return (session, try await world.linkSecret(to: "ada@example.com"))
    }

    @Test func `who leaves is signed out everywhere, told, and can take it back once`() async throws {
        let world = try await SignInWorld()
        let (session, secret) = try await Self.leave(world)
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        let last = try await world.notices(to: "ada@example.com").last
        #expect(last == "Your account will be deleted at Gatehouse")
        #expect(try await world.core.users.canUndelete(by: secret, world.browser()))
        try await world.core.users.undelete(by: secret, world.browser())
        let user = try await world.core.users.get(session.userID, world.administrator)
        #expect(user.state == .active && user.deleteAfter == nil)
        #expect(try await world.notices(to: "ada@example.com").last == "Your account will not be deleted at Gatehouse")
        #expect(try await !world.core.users.canUndelete(by: secret, world.browser()))
        await #expect(throws: FlowError.self) {
            try await world.core.users.undelete(by: secret, world.browser())
        }
        world.clock.advance(.seconds(90))
        _ = try await world.signInCompletely("ada@example.com")
    }

    @Test func `leaving needs a fresh proof by the strongest factor`() async throws {
        let world = try await SignInWorld()
        let app = try await world.enrolledApp("ada@example.com")
        await #expect { try await world.core.users.leave(world.person(app.session)) } throws: { error in
            (error as? FlowError)?.reason == .stepUpRequired
        }
        let user = try await world.core.users.get(app.session.userID, world.administrator)
        #expect(user.state == .active)
    }

    @Test func `the secret of one deletion is none for the next, nor after the window`() async throws {
        let world = try await SignInWorld()
        let (session, first) = try await Self.leave(world)
        try await world.core.users.undelete(by: first, world.browser())
        world.clock.advance(.seconds(90))
        let again = try await world.signInCompletely("ada@example.com").session
        _ = try await world.core.users.leave(world.person(again))
        let second = try await world.linkSecret(to: "ada@example.com")
        #expect(try await !world.core.users.canUndelete(by: first, world.browser()))
        #expect(try await world.core.users.canUndelete(by: second, world.browser()))
        world.clock.advance(.seconds(604_800))
        #expect(try await !world.core.users.canUndelete(by: second, world.browser()))
        _ = session
    }

    @Test func `what an administrator deletes nobody takes back by a link`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com").session
        let user = try await world.core.users.delete(session.userID, world.administrator)
        let end = try #require(user.deleteAfter)
        let forged = DeletionUndoToken(user: user.id, deleteAfter: end).text(world.core.keyRing)
        #expect(try await !world.core.users.canUndelete(by: forged, world.browser()))
    }

    @Test func `a secret that was changed by one byte is none`() async throws {
        let world = try await SignInWorld()
        let (_, secret) = try await Self.leave(world)
        let text = try #require(secret.validatedUTF8String())
        for index in [0, 4, 10, 30, 60, text.utf8.count - 1] {
            var bytes = Array(text.utf8)
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(DeletionUndoToken(SecretBytes(copying: bytes), world.core.keyRing) == nil, "\(index)")
        }
        for other in ["", "ghr_", text + "A", String(text.dropLast()), "ghu_" + text.dropFirst(4)] {
            #expect(try await !world.core.users.canUndelete(by: SecretBytes(utf8: other), world.browser()))
        }
    }
}
