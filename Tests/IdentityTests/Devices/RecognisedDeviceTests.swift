import Cryptography
import Mail
import MariaDB
import Testing

@testable import Identity

/// SECURITY TH-05: what strangers try does not lock a person out of a device that was seen before.
struct RecognisedDeviceTests {
    @Test func `a stranger who fails until the method is off does not lock the owner out`() async throws {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let device = try await world.deviceOfNewUser(address)
        try await world.failUntilDisabled(address)
        let stranger = world.browser("203.0.113.9")
        let refused = try await world.begin(address, stranger)
        if let code = try await world.code(to: address) {
            #expect(try await world.submit(code, refused.handle, stranger).shape == .ended)
        }
        let owner = world.browser(with: device)
        let signedIn = try await world.signInCompletely(address, owner)
        #expect(signedIn.deviceToken == nil)
        // The owner is there, so a new device may be used again.
        world.clock.advance(.seconds(3700))
        _ = try await world.signInCompletely(address, stranger)
    }

    @Test func `failures of strangers add up to nothing while the owner signs in between`() async throws {
        let world = try await SignInWorld { $0.throttling.account.disableAfter = 6 }
        let address = "ada@example.com"
        let device = try await world.deviceOfNewUser(address)
        for _ in 0..<3 {
            try await world.fail(address, times: 4)
            world.clock.advance(.seconds(3600))
            _ = try await world.signInCompletely(address, world.browser(with: device))
        }
        #expect(try await world.number("SELECT COUNT(*) FROM throttles WHERE disabled_at IS NOT NULL") == 0)
    }

    /// Ending a thief's session must not need what strangers can use up.
    @Test func `a session is confirmed whatever strangers do, with a budget of its own`() async throws {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let old = try await world.signInCompletely(address)
        world.clock.advance(.seconds(3600))
        try await world.failUntilDisabled(address)
        for number in 0..<40 { _ = try? await world.begin(address, world.browser("198.51.100.\(number)")) }
        _ = try await world.code(to: address)
        let started = try await world.signIn.beginStepUp(session: old.token, world.browser())
        let code = try #require(try await world.code(to: address))
        #expect(try await world.submit(code, started.handle).shape == .signedIn)
    }

    @Test func `guesses in confirmations of one session are counted together`() async throws {
        let world = try await SignInWorld()
        let session = try await world.signInCompletely("ada@example.com")
        var shapes: [OutcomeShape] = []
        for _ in 0..<2 {
            world.clock.advance(.seconds(61))
            let started = try await world.signIn.beginStepUp(session: session.token, world.browser())
            for _ in 0..<4 { shapes.append(try await world.submit("00000000", started.handle).shape) }
        }
        #expect(shapes.count { $0 == .tryAgain || $0 == .ended } <= 5 && shapes.contains(.throttled))
    }

    @Test func `ending one's own session keeps the device, as signing out does`() async throws {
        let world = try await SignInWorld()
        let signedIn = try await world.signInCompletely("ada@example.com")
        world.clock.advance(.seconds(3600))
        try await world.core.sessions.revoke(signedIn.session.id, world.person(signedIn.session))
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == 0)
        let device = try #require(signedIn.deviceToken)
        #expect(try await world.signInCompletely("ada@example.com", world.browser(with: device)).deviceToken == nil)
    }

    @Test func `a device is forgotten after its longest life however often it is used, and with others on request`()
        async throws
    {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let device = try await world.deviceOfNewUser(address)
        for _ in 0..<3 {
            world.clock.advance(.seconds(120 * 86_400))
            #expect(try await world.signInCompletely(address, world.browser(with: device)).deviceToken == nil)
        }
        world.clock.advance(.seconds(30 * 86_400))
        let late = try await world.signInCompletely(address, world.browser(with: device))
        #expect(late.deviceToken != nil)
        try world.run("DELETE FROM sessions WHERE id <> (SELECT id FROM (SELECT MAX(id) AS id FROM sessions) s)")
        let ended = try await world.core.sessions.revokeAll(
            of: late.session.userID,
            except: late.session.id,
            world.person(late.session)
        )
        #expect(ended == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM devices") == 1)
        #expect(
            try await world.number("SELECT COUNT(*) FROM audit_events WHERE kind = 'session.all_revoked'") == 1
        )
    }

    @Test func `a stranger who uses up the messages to an address keeps none from its owner`() async throws {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let device = try await world.deviceOfNewUser(address)
        for number in 0..<40 { _ = try? await world.begin(address, world.browser("198.51.100.\(number)")) }
        let sent = world.post.messages(to: address).count
        _ = try await world.begin(address, world.browser("203.0.113.9"))
        _ = try await world.code(to: address)
        let after = world.post.messages(to: address).count
        _ = try await world.signInCompletely(address, world.browser(with: device))
        #expect(after - sent <= 1)
    }

    @Test func `a device has a budget of its own and no more`() async throws {
        let world = try await SignInWorld()
        let address = "ada@example.com"
        let device = try await world.deviceOfNewUser(address)
        let owner = world.browser(with: device)
        var shapes: [OutcomeShape] = []
        for _ in 0..<2 {
            let started = try await world.begin(address, owner)
            for _ in 0..<4 { shapes.append(try await world.submit("00000000", started.handle, owner).shape) }
            world.clock.advance(.seconds(61))
        }
        #expect(shapes.contains(.throttled))
        #expect(shapes.count { $0 == .tryAgain || $0 == .ended } <= 5)
        _ = try await world.signInCompletely(address, world.browser("203.0.113.9"))
    }

    @Test func `a device is one person's, for a time, until sessions are ended or the account is disabled`()
        async throws
    {
        let world = try await SignInWorld()
        let device = try await world.deviceOfNewUser("ada@example.com")
        let other = try await world.signInCompletely("bob@example.com", world.browser(with: device))
        #expect(other.deviceToken != nil)
        world.clock.advance(.seconds(3600))
        let known = try await world.signInCompletely("ada@example.com", world.browser(with: device))
        #expect(known.deviceToken == nil)
        world.clock.advance(IdentityPolicy().devices.lifetime)
        let late = try await world.signInCompletely("ada@example.com", world.browser(with: device))
        let second = try #require(late.deviceToken)
        _ = try await world.core.sessions.revokeAll(of: late.session.userID, world.administrator)
        world.clock.advance(.seconds(3600))
        let third = try #require(
            try await world.signInCompletely("ada@example.com", world.browser(with: second)).deviceToken
        )
        _ = try await world.core.users.disable(late.session.userID, reason: "", world.administrator)
        _ = try await world.core.users.enable(late.session.userID, world.administrator)
        world.clock.advance(.seconds(3600))
        #expect(
            try await world.signInCompletely("ada@example.com", world.browser(with: third)).deviceToken != nil
        )
    }

    @Test func `ending one session forgets its device, ending the others keeps one's own`() async throws {
        let world = try await SignInWorld()
        let first = try await world.signInCompletely("ada@example.com")
        world.clock.advance(.seconds(3600))
        let second = try await world.signInCompletely("ada@example.com")
        world.clock.advance(.seconds(60))
        let person = world.person(second.session)
        try await world.core.sessions.revoke(first.session.id, person)
        #expect(try await world.number("SELECT COUNT(*) FROM devices") == 1)
        world.clock.advance(.seconds(60))
        _ = try await world.signInCompletely("ada@example.com")
        _ = try await world.core.sessions.revokeAll(of: second.session.userID, except: second.session.id, person)
        #expect(try await world.number("SELECT COUNT(*) FROM devices") == 1)
        world.clock.advance(.seconds(3600))
        let device = try #require(second.deviceToken)
        #expect(try await world.signInCompletely("ada@example.com", world.browser(with: device)).deviceToken == nil)
    }

    @Test func `a person has a number of devices, the least used goes`() async throws {
        let world = try await SignInWorld { $0.devices.maximumPerUser = 2 }
        var tokens: [SecretBytes] = []
        for _ in 0..<3 {
            let signedIn = try await world.signInCompletely("ada@example.com")
            tokens.append(try #require(signedIn.deviceToken))
            world.clock.advance(.seconds(3600))
        }
        #expect(try await world.number("SELECT COUNT(*) FROM devices") == 2)
        let last = try await world.signInCompletely("ada@example.com", world.browser(with: tokens[2]))
        #expect(last.deviceToken == nil)
        world.clock.advance(.seconds(3600))
        let first = try await world.signInCompletely("ada@example.com", world.browser(with: tokens[0]))
        #expect(first.deviceToken != nil)
    }

    @Test func `several people may share a device`() {
        let made = (0..<7).map { _ in TokenText.make(.device, random: SystemRandom()) }
        var text = SecretBytes(copying: [])
        for (token, _) in made { text = DeviceTokens(text).adding(token) }
        #expect(text.count == DeviceTokens.maximumLength)
        #expect(DeviceTokens(text).hashes == made.reversed().prefix(5).map(\.hash))
        let broken = text.withBytes { Array($0.dropFirst()) }
        #expect(DeviceTokens(SecretBytes(copying: broken)) == .none)
        let longer = text.withBytes { Array($0) + Array(repeating: UInt8(ascii: "x"), count: 100_000) }
        #expect(DeviceTokens(SecretBytes(copying: longer)).hashes.count == 5)
    }

    @Test func `no token of a device is stored`() async throws {
        let world = try await SignInWorld()
        let device = try await world.deviceOfNewUser("ada@example.com")
        let text = try #require(device.validatedUTF8String())
        let found = try await world.number("SELECT COUNT(*) FROM devices WHERE LOCATE('\(text)', token_hash) > 0")
        #expect(found == 0)
        #expect(try await world.number("SELECT LENGTH(token_hash) FROM devices") == 32)
    }
}

extension SignInWorld {
    /// The context of a browser that keeps the secret of a device.
    func browser(with device: SecretBytes, _ source: String = "192.0.2.1") -> CallContext {
        var context = browser(source)
        context.devices = DeviceTokens(device)
        return context
    }

    /// The context of a signed-in person.
    func person(_ session: Session) -> CallContext {
        CallContext(actor: .user(session, via: nil), requestID: "r", deadline: .after(.seconds(600)))
    }

    /// A new user's first device; an hour passes.
    func deviceOfNewUser(_ address: String) async throws -> SecretBytes {
        let device = try #require(try await signInCompletely(address).deviceToken)
        clock.advance(.seconds(3600))
        return device
    }

    /// Fails, from ever other sources and with all the patience that is asked for, until the method is switched off.
    func failUntilDisabled(_ address: String) async throws {
        for attempt in 0..<200 {
            let stranger = browser("198.51.\(attempt / 250).\(attempt % 250)")
            let started = try await begin(address, stranger)
            // Else two codes would be due together some time, and come in any order.
            _ = try await code(to: address)
            _ = try await submit("00000000", started.handle, stranger)
            if try await number("SELECT COUNT(*) FROM throttles WHERE disabled_at IS NOT NULL") > 0 { return }
            clock.advance(.seconds(3700))
        }
        throw Unexpected(outcome: "never disabled")
    }

}
