import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// SECURITY TH-10: people are told of what is suspicious about their own account.
struct NoticeTests {
    private let address = "ada@example.com"

    @Test func `a sign-in on a device that is not known is told, on a known one and the first of all not`() async throws
    {
        let world = try await SignInWorld()
        let device = try await world.deviceOfNewUser(address)
        #expect(try await world.notices(to: address).isEmpty)
        _ = try await world.signInCompletely(address, world.browser(with: device))
        world.clock.advance(.seconds(3600))
        #expect(try await world.notices(to: address).isEmpty)
        _ = try await world.signInCompletely(address, world.browser("203.0.113.9"))
        #expect(try await world.notices(to: address) == ["New sign-in to your account at Gatehouse"])
        let mail = try #require(world.post.messages(to: address).last)
        #expect(mail.text.contains("203.0.113.9") && !mail.text.contains("failed"))
    }

    @Test func `many failures are told once a day`() async throws {
        let world = try await SignInWorld()
        _ = try await world.makeUser(address)
        try await world.fail(address, times: 11)
        #expect(try await world.notices(to: address) == ["Failed attempts to sign in to your account at Gatehouse"])
        let mail = try #require(world.post.messages(to: address).last { $0.subject.hasPrefix("Failed") })
        #expect(mail.text.contains("failed 5 times"))
        world.clock.advance(.seconds(86_400))
        try await world.fail(address, times: 5)
        #expect(try await world.notices(to: address).count == 2)
    }

    @Test func `failures that switch the method off are told whatever was told before`() async throws {
        let world = try await SignInWorld()
        _ = try await world.makeUser(address)
        try await world.failUntilDisabled(address)
        let told = try await world.notices(to: address)
        #expect(told.contains("A way to sign in to Gatehouse was switched off"))
        #expect(told.count { $0.hasPrefix("A way") } == 1)
    }

    @Test func `a success after many failures says how many there were`() async throws {
        let world = try await SignInWorld()
        let device = try await world.deviceOfNewUser(address)
        try await world.fail(address, times: 5)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(address, world.browser("203.0.113.9"))
        _ = try await world.notices(to: address)
        let mail = try #require(world.post.messages(to: address).last { $0.subject.hasPrefix("New sign-in") })
        #expect(mail.text.contains("There were 5 failed attempts before it."))
        world.clock.advance(.seconds(3600))
        try await world.fail(address, times: 5, with: device)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(address, world.browser(with: device))
        #expect(try await world.notices(to: address).contains("Sign-in after failed attempts at Gatehouse"))
    }

    @Test func `a name that nobody has causes the same messages, and none is sent`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .closed }
        let user = NewUser(identifiers: [NewIdentifier(kind: .email, value: address)])
        _ = try await world.core.users.create(user, world.administrator)
        _ = try await world.makeUser(address)
        let unproved = NewUser(identifiers: [NewIdentifier(kind: .email, value: "unproved@example.com")])
        _ = try await world.core.users.create(unproved, world.administrator)
        for name in [address, "nobody@example.com", "unproved@example.com"] {
            let before = try await world.number("SELECT COUNT(*) FROM outbox WHERE kind = 2")
            try await world.fail(name, times: 5)
            #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE kind = 2") - before == 1, "\(name)")
        }
        #expect(try await world.notices(to: address).contains { $0.hasPrefix("Failed attempts") })
        #expect(world.post.messages(to: "nobody@example.com").isEmpty)
        #expect(try await world.notices(to: "unproved@example.com").isEmpty)
    }

    @Test func `failures through an address that was never proved are told at the one that was`() async throws {
        let world = try await SignInWorld()
        let identifiers = [
            NewIdentifier(kind: .email, value: address), NewIdentifier(kind: .email, value: "second@example.com"),
        ]
        _ = try await world.core.users.create(NewUser(identifiers: identifiers), world.administrator)
        _ = try await world.makeUser(address)
        try await world.failUntilDisabled("second@example.com")
        let told = try await world.notices(to: address)
        #expect(told.contains("A way to sign in to Gatehouse was switched off"))
        #expect(try await world.notices(to: "second@example.com").isEmpty)
    }

    @Test func `an address that was never proved is told nothing`() async throws {
        let world = try await SignInWorld()
        let identifiers = [
            NewIdentifier(kind: .email, value: address), NewIdentifier(kind: .email, value: "second@example.com"),
        ]
        _ = try await world.core.users.create(NewUser(identifiers: identifiers), world.administrator)
        _ = try await world.signInCompletely(address)
        world.clock.advance(.seconds(3600))
        _ = try await world.signInCompletely(address)
        #expect(try await world.notices(to: address).count == 2)
        #expect(world.post.messages(to: "second@example.com").isEmpty)
    }
}

extension SignInWorld {
    /// Fails that many times, from ever other sources, with the patience that codes and blocks ask for.
    func fail(_ address: String, times: Int, with device: SecretBytes? = nil) async throws {
        for attempt in 0..<times {
            let source = "198.51.100.\(attempt)"
            let stranger = device.map { browser(with: $0, source) } ?? browser(source)
            let started = try await begin(address, stranger)
            let shape = try await submit("00000000", started.handle, stranger).shape
            guard shape == .tryAgain || shape == .ended else { throw Unexpected(outcome: "\(shape)") }
            clock.advance(attempt % 5 == 4 ? .seconds(3700) : .seconds(61))
        }
    }
}
