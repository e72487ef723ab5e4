import Cryptography
import Dispatch
import Testing

@testable import Identity
@testable import Passwords

/// What a session may find out about a password that it does not know is counted (SECURITY TH-03, TH-10, PW-11).
struct PasswordOracleTests {
    private let address = "ada@example.com"
    private let counted = "SELECT COALESCE(SUM(window_count), 0) FROM throttles WHERE kind = 13"

    private func reason(_ world: SignInWorld, _ password: String, current: String? = nil, in session: Session) async
        -> ReasonID?
    {
        do {
            let current = current.map { SecretBytes(utf8: $0) }
            try await world.core.passwords.set(SecretBytes(utf8: password), current: current, world.person(session))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func `that a password was used before is told as often as a password may be tried`() async throws {
        let world = try await SignInWorld.withPasswords { $0.passwords.historyCount = 2 }
        try await world.userWithPassword(address)
        let thief = try await world.signInCompletely(address).session
        let limit = Int(world.core.parts.policy.throttling.account.limit)
        for _ in 0..<limit {
            #expect(await reason(world, SignInWorld.password, in: thief) == .passwordUsedBefore)
        }
        #expect(await reason(world, SignInWorld.password, in: thief) == .throttled)
        #expect(await reason(world, "gravel umpire 41 lantern", in: thief) == .throttled)
        let failures = """
            SELECT COUNT(*) FROM audit_events WHERE kind = 'password.changed' AND outcome = 2
                AND reason = 'passwords.used_before' AND session_id IS NOT NULL
            """
        #expect(try await world.number(failures) == Int64(limit))
        #expect(try await world.notices(to: address).contains { $0.contains("ailed") })
        // The owner's own session is another.
        let owner = try await world.signInByPassword(address).session
        #expect(await reason(world, "gravel umpire 41 lantern", current: SignInWorld.password, in: owner) == nil)
    }

    /// A caller who lets his call end early learns no less, and a server with too much to do locks nobody out.
    @Test func `a try that is given up while it is hashed is counted, and one that there is no room for is not`()
        async throws
    {
        let world = try await SignInWorld.withPasswords {
            $0.passwords.historyCount = 2
            $0.passwords.hashing.threads = 1
            $0.passwords.hashing.capacity = 1
        }
        try await world.userWithPassword(address)
        let session = try await world.signInCompletely(address).session
        let before = try await world.number(counted)
        try await world.holdingLane {
            let hasty = Task { await reason(world, "gravel umpire 41 lantern", in: session) }
            for _ in 0..<6000 where try await world.number(counted) == before {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await world.number(counted) == before + 1)
            #expect(await reason(world, "gravel umpire 41 lantern", in: session) == .overloaded)
            #expect(try await world.number(counted) == before + 1)
            hasty.cancel()
            #expect(await hasty.value == .cancelled)
        }
        #expect(try await world.number(counted) == before + 1)
    }

    @Test func `what is refused unhashed is not counted, and keeps nobody from setting a better one`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let session = try await world.signInByPassword(address).session
        let before = try await world.number(counted)
        for _ in 0..<10 {
            #expect(await reason(world, "short", current: SignInWorld.password, in: session) == .passwordTooShort)
            #expect(await reason(world, "gravel umpire 41 lantern", in: session) == .fieldRequired)
        }
        #expect(try await world.number(counted) == before)
        let next = "gravel umpire 41 lantern"
        #expect(await reason(world, next, current: SignInWorld.password, in: session) == nil)
        #expect(try await world.number("SELECT COUNT(*) FROM throttles WHERE kind = 13 AND consecutive > 0") == 0)
    }

    @Test func `recovery codes are not made again and again`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let strong = try await world.fresh(app.session, kind: .possession)
        for _ in 0..<world.core.parts.policy.throttling.account.limit {
            _ = try await world.core.recoveryCodes.generate(world.person(strong))
        }
        await expectRefusal(.throttled) { try await world.core.recoveryCodes.generate(world.person(strong)) }
        #expect(try await world.core.recoveryCodes.remaining(of: strong.userID, world.administrator) == 10)
    }
}

extension SignInWorld {
    /// Runs `body` while the one thread that hashes here is busy.
    func holdingLane(_ body: () async throws -> Void) async throws {
        let lane = core.parts.passwordHasher.lane
        let (held, isHeld) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { isHeld.finish() }
                try await lane.perform(promised: .milliseconds(1), deadline: .now + .seconds(600)) { _ in
                    isHeld.finish()
                    gate.wait()
                }
            }
            defer { gate.signal() }
            for await _ in held {}
            try await body()
        }
    }
}
