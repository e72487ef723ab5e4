import Cryptography
import Dispatch
import MariaDB
import Testing

@testable import Identity
@testable import Passwords

/// Many passwords at once (SECURITY PW-11, TH-02 to TH-06).
struct PasswordRaceTests {
    private let address = "ada@example.com"

    @Test func `fifty submissions of the right password in one flow sign in once`() async throws {
        let world = try await SignInWorld.withPasswords { policy in
            policy.throttling.account.limit = 100
            policy.throttling.source.limit = 1000
            policy.throttling.prefix.limit = 1000
        }
        try await world.userWithPassword(address)
        let before = try await world.number("SELECT COUNT(*) FROM sessions")
        let started = try await world.begin(address)
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let password = SecretBytes(utf8: SignInWorld.password)
                    return try? await world.signIn.submitPassword(started.handle, password: password, world.browser())
                        .shape
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .signedIn } == 1)
        // Each was counted as a failure before it was checked, so that some have to wait.
        #expect(shapes.allSatisfy { $0 == .signedIn || $0 == .ended || $0 == .throttled }, "\(shapes)")
        #expect(try await world.number("SELECT COUNT(*) FROM sessions") == before + 1)
    }

    @Test func `of two hundred guesses at once no more are hashed than the account's limit`() async throws {
        let world = try await SignInWorld.withPasswords { policy in
            policy.throttling.source.limit = 1000
            policy.throttling.prefix.limit = 1000
        }
        try await world.userWithPassword(address)
        var handles: [SecretBytes] = []
        for number in 0..<20 {
            handles.append(try await world.begin(address, world.browser("203.0.\(number).1")).handle)
        }
        let all = handles
        let shapes = await withTaskGroup(of: OutcomeShape?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let browser = world.browser("203.0.\(number % 20).1")
                    let guess = SecretBytes(utf8: "guess \(number)")
                    return try? await world.signIn.submitPassword(all[number % 20], password: guess, browser).shape
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(shapes.count { $0 == .tryAgain } == Int(world.core.parts.policy.throttling.account.limit))
        #expect(shapes.count { $0 == .throttled } == 200 - Int(world.core.parts.policy.throttling.account.limit))
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .throttled)
    }

    /// SECURITY TH-05.
    @Test func `strangers who guess lock out neither the owner's device nor a code`() async throws {
        let world = try await SignInWorld.withPasswords()
        let signedIn = try await world.signInCompletely(address)
        let password = SecretBytes(utf8: SignInWorld.password)
        try await world.core.passwords.set(password, current: nil, world.person(signedIn.session))
        let device = try #require(signedIn.deviceToken)
        for guess in 0..<30 {
            _ = try await world.tryPassword("guess \(guess)", of: address, world.browser("198.51.\(guess).1"))
        }
        let blocked = try await world.tryPassword(SignInWorld.password, of: address, world.browser("198.51.200.1"))
        #expect(blocked.outcome.shape == .throttled)
        let own = try await world.tryPassword(SignInWorld.password, of: address, world.browser(with: device))
        #expect(own.outcome.shape == .signedIn)
        world.clock.advance(.seconds(120))
        _ = try await world.signInCompletely(address, world.browser("198.51.201.1"))
    }

    /// SECURITY TH-05: whoever must prove two factors ends the row of failures by the first one, too.
    @Test func `an owner with an app who is there keeps strangers from switching the password off`() async throws {
        let world = try await SignInWorld.withPasswords()
        let app = try await world.enrolledApp(address)
        let strong = try await world.fresh(app.session, kind: .possession)
        let password = SecretBytes(utf8: SignInWorld.password)
        try await world.core.passwords.set(password, current: nil, world.person(strong))
        let own = world.browser(with: app.device)
        let row = "SELECT COALESCE(MAX(consecutive), 0) FROM throttles WHERE label = 'password'"
        for guess in 0..<4 {
            _ = try await world.tryPassword("guess \(guess)", of: address, world.browser("198.51.\(guess).1"))
        }
        #expect(try await world.number(row) == 4)
        let first = try await world.tryPassword(SignInWorld.password, of: address, own)
        let outcome = try await world.signIn.submitTOTP(first.handle, code: app.code(world), own)
        #expect(outcome.shape == .signedIn)
        #expect(try await world.number(row) == 0)
    }

    /// SECURITY TH-02: one budget, however the name is written.
    @Test func `all spellings of a name and all its flows have one budget`() async throws {
        let world = try await SignInWorld.withPasswords()
        try await world.userWithPassword(address)
        let limit = Int(world.core.parts.policy.throttling.account.limit)
        let spellings = ["ada@example.com", "ADA@example.com", "Ada@EXAMPLE.com", "ada@example.COM"]
        for guess in 0..<limit {
            let name = spellings[guess % spellings.count]
            let outcome = try await world.tryPassword("guess", of: name, world.browser("198.51.\(guess).1")).outcome
            #expect(outcome.shape == .tryAgain)
        }
        for name in spellings {
            let outcome = try await world.tryPassword(SignInWorld.password, of: name, world.browser("203.0.113.9"))
                .outcome
            #expect(outcome.shape == .throttled)
        }
    }

    @Test func `a change while a guess is hashed keeps it out`() async throws {
        let world = try await SignInWorld.withPasswords()
        let session = try await world.userWithPassword(address)
        let parts = world.core.parts
        let started = try await world.begin(address)
        let context = world.browser()
        let hash = try #require(TokenHash(of: started.handle, kind: .flowHandle))
        let engine = world.signIn.engine
        let now = world.clock.now()
        let admission = try await parts.transaction(context) { transaction in
            try engine.admit(.password, hash, context, at: now, transaction) { identity in
                try transaction.first(ReadPassword(user: identity.owner?.userID ?? .zero))
            }
        }
        guard case .admitted(let attempt) = admission else { throw Unexpected(outcome: "\(admission)") }
        world.clock.advance(.seconds(1))
        let fresh = try await world.fresh(session, kind: .address)
        try await world.core.passwords.set(
            SecretBytes(utf8: "gravel umpire 41 lantern"),
            current: nil,
            world.person(fresh)
        )
        let verdict = try await parts.transaction(context) { transaction in
            try engine.settle(attempt, isRight: true, hash, context, at: now, transaction) { stored, user, _ in
                try transaction.first(LockPassword(user: user)).map { $0.isSame(as: stored) } ?? false
            }
        }
        guard case .refused(.tryAgain) = verdict else { throw Unexpected(outcome: "\(verdict)") }
    }

    /// SECURITY TH-05: the count of strangers is not given back for a device that was forgotten meanwhile.
    @Test func `a success ends the failures that it was counted with, and no others`() async throws {
        let world = try await SignInWorld.withPasswords()
        let device = try #require(try await world.signInCompletely(address).deviceToken)
        world.clock.advance(.seconds(3600))
        for guess in 0..<3 {
            _ = try await world.tryPassword("guess \(guess)", of: address, world.browser("198.51.\(guess).1"))
        }
        let strangers = "SELECT COALESCE(MAX(consecutive), 0) FROM throttles WHERE label = 'password'"
        #expect(try await world.number(strangers) == 3)
        let context = world.browser(with: device)
        let started = try await world.begin(address, context)
        let hash = try #require(TokenHash(of: started.handle, kind: .flowHandle))
        let (engine, now) = (world.signIn.engine, world.clock.now())
        let admission = try await world.core.parts.transaction(context) { transaction in
            try engine.admit(.password, hash, context, at: now, transaction) { $0.owner?.userID }
        }
        guard case .admitted(let attempt) = admission else { throw Unexpected(outcome: "\(admission)") }
        try world.run("DELETE FROM devices")
        _ = try await world.core.parts.transaction(context) { transaction in
            try engine.settle(attempt, isRight: true, hash, context, at: now, transaction) { _, _, _ in true }
        }
        #expect(try await world.number(strangers) == 3)
    }

    /// SECURITY TH-10: the last try switches the password off, also when it was given up.
    @Test func `whoever gives up the last try tells its owner all the same`() async throws {
        let world = try await SignInWorld.withPasswords {
            $0.throttling.account.disableAfter = 1
            $0.passwords.hashing.threads = 1
            $0.passwords.hashing.capacity = 1
        }
        try await world.userWithPassword(address)
        let started = try await world.begin(address)
        let before = try await world.notices(to: address).count
        let disabled = "SELECT COUNT(*) FROM throttles WHERE label = 'password' AND disabled_at IS NOT NULL"
        try await world.holdingLane {
            let password = SecretBytes(utf8: "guess")
            let hasty = Task {
                try await world.signIn.submitPassword(started.handle, password: password, world.browser())
            }
            for _ in 0..<6000 where try await world.number(disabled) == 0 {
                try await Task.sleep(for: .milliseconds(10))
            }
            hasty.cancel()
            await expectRefusal(.cancelled) { try await hasty.value }
        }
        #expect(try await world.notices(to: address).count == before + 1)
    }

    /// SECURITY PW-11: nobody is locked out because the server had too much to do.
    @Test func `tries that there is no room for are refused before they are counted`() async throws {
        let world = try await SignInWorld.withPasswords { policy in
            policy.passwords.hashing.threads = 1
            policy.passwords.hashing.capacity = 0
        }
        try await world.userWithPassword(address)
        let started = try await world.begin(address)
        let counted = "SELECT COALESCE(SUM(window_count), 0) FROM throttles WHERE kind BETWEEN 11 AND 14"
        let before = try await world.number(counted)
        try await world.holdingLane {
            for _ in 0..<10 {
                let refusal = await expectRefusal(.overloaded) {
                    try await world.signIn.submitPassword(
                        started.handle,
                        password: SecretBytes(utf8: SignInWorld.password),
                        world.browser()
                    )
                }
                guard case .throttled = refusal?.code else {
                    throw Unexpected(outcome: "\(String(describing: refusal))")
                }
            }
            #expect(try await world.number(counted) == before)
        }
        #expect(try await world.tryPassword(SignInWorld.password, of: address).outcome.shape == .signedIn)
    }
}
