import Cryptography
import MariaDB
import Testing

@testable import Identity

/// The arithmetic of one throttle row around every limit, and against a model in Swift.
@Suite struct ThrottleStoreTests {
    private func subject(_ rule: ThrottleRule, _ kind: ThrottleKind = .triesOfAccount, id: UInt8 = 1) -> ThrottleSubject
    {
        let hash = [kind.rawValue, id] + [UInt8](repeating: 0, count: 30)
        return ThrottleSubject(kind: kind, label: "test", hash: hash, userID: nil, rule: rule)
    }

    private func count(_ world: SignInWorld, _ subjects: ThrottleSubject...) async throws -> ThrottleStore.Admission {
        let store = ThrottleStore(policy: ThrottlePolicy())
        let now = world.clock.now()
        return try await world.database.transaction(deadline: .after(.seconds(600))) { transaction in
            try store.count(subjects, at: now, transaction)
        }
    }

    /// The limits that a try used up; nil when it was not let through.
    private func tripped(_ world: SignInWorld, _ subject: ThrottleSubject) async throws -> [ThrottleKind]? {
        guard case .admitted(let admitted) = try await count(world, subject) else { return nil }
        return admitted.tripped
    }

    private func succeed(_ world: SignInWorld, _ subject: ThrottleSubject) async throws {
        try await world.database.transaction(deadline: .after(.seconds(600))) { transaction in
            try ThrottleStore(policy: ThrottlePolicy()).succeed(subject, transaction)
        }
    }

    private func isAdmitted(_ admission: ThrottleStore.Admission) -> Bool {
        if case .admitted = admission { true } else { false }
    }

    @Test func `five tries in ten seconds block for thirty, even successful ones`() async throws {
        let world = try await SignInWorld()
        let subject = subject(ThrottlePolicy().account)
        for _ in 0..<5 {
            #expect(isAdmitted(try await count(world, subject)))
            try await succeed(world, subject)
            world.clock.advance(.seconds(2))
        }
        world.clock.advance(.seconds(27) + .milliseconds(999))
        #expect(!isAdmitted(try await count(world, subject)))
        world.clock.advance(.milliseconds(1))
        #expect(isAdmitted(try await count(world, subject)))
    }

    @Test func `four tries in a window and one after it do not block`() async throws {
        let world = try await SignInWorld()
        let subject = subject(ThrottlePolicy().account)
        for _ in 0..<4 {
            #expect(try await tripped(world, subject) == [])
            world.clock.advance(.seconds(225))
        }
        #expect(try await tripped(world, subject) == [])
    }

    @Test func `blocks grow from five minutes to an hour, and are short again after a day of rest`() async throws {
        let world = try await SignInWorld()
        var rule = ThrottlePolicy().account
        rule.burst = nil
        let subject = subject(rule)
        var blocks: [Int64] = []
        for _ in 0..<6 {
            for _ in 0..<5 { #expect(isAdmitted(try await count(world, subject))) }
            guard case .blocked(.triesOfAccount, let until) = try await count(world, subject), let until else {
                throw Unexpected(outcome: "not blocked")
            }
            blocks.append((until - world.clock.now()).components.seconds)
            world.clock.advance(until - world.clock.now())
        }
        #expect(blocks == [300, 600, 1200, 2400, 3600, 3600])
        world.clock.advance(.seconds(86_400))
        for _ in 0..<5 { #expect(isAdmitted(try await count(world, subject))) }
        #expect(try await count(world, subject) == .blocked(.triesOfAccount, until: world.clock.now() + .seconds(300)))
    }

    @Test func `a budget of one is used up by the first`() async throws {
        let world = try await SignInWorld()
        let subject = subject(ThrottleRule(window: .seconds(60), limit: 1), .sendInterval)
        #expect(try await tripped(world, subject) == [.sendInterval])
        #expect(try await count(world, subject) == .blocked(.sendInterval, until: world.clock.now() + .seconds(60)))
        world.clock.advance(.seconds(60))
        #expect(isAdmitted(try await count(world, subject)))
        #expect(!isAdmitted(try await count(world, subject)))
    }

    @Test func `what comes after a refusal is not counted`() async throws {
        let world = try await SignInWorld()
        let source = subject(ThrottleRule(window: .seconds(60), limit: 1), .triesOfSource)
        let account = subject(ThrottlePolicy().account)
        for _ in 0..<9 { _ = try await count(world, account, source) }
        #expect(try await world.number("SELECT window_count FROM throttles WHERE kind = 13") == 1)
    }

    @Test func `waiting while blocked makes a block no longer`() async throws {
        let world = try await SignInWorld()
        let subject = subject(
            ThrottleRule(window: .seconds(60), limit: 2, block: .growing(first: .seconds(10), cap: .seconds(40)))
        )
        for _ in 0..<2 { _ = try await count(world, subject) }
        let end = world.clock.now() + .seconds(10)
        for _ in 0..<9 {
            #expect(try await count(world, subject) == .blocked(.triesOfAccount, until: end))
            world.clock.advance(.seconds(1))
        }
    }

    @Test func `the row agrees with the model over a long random walk`() async throws {
        let world = try await SignInWorld()
        let rule = ThrottleRule(
            window: .seconds(30),
            limit: 4,
            block: .growing(first: .seconds(7), cap: .seconds(20)),
            burst: .init(window: .seconds(3), limit: 3, block: .seconds(5)),
            disableAfter: 15
        )
        var generator = SeededGenerator(seed: 42)
        for id in UInt8(0)..<6 {
            let subject = subject(rule, id: id)
            var model = ThrottleModel(rule: rule)
            for step in 0..<60 {
                let expected = model.isAdmitted(at: world.clock.now())
                #expect(isAdmitted(try await count(world, subject)) == expected, "subject \(id), step \(step)")
                if expected, Int.random(in: 0..<9, using: &generator) == 0 {
                    model.succeed()
                    try await succeed(world, subject)
                }
                world.clock.advance(.milliseconds(Int.random(in: 0..<6000, using: &generator)))
            }
        }
    }
}

/// A throttle row in plain Swift.
struct ThrottleModel {
    let rule: ThrottleRule
    private var windowStart: Timestamp?
    private var windowCount: UInt32 = 0
    private var burstStart: Timestamp?
    private var burstCount: UInt32 = 0
    private var consecutive: UInt32 = 0
    private var level = 0
    private var blockedUntil: Timestamp?
    private var burstBlockedUntil: Timestamp?
    private var isDisabled = false

    init(rule: ThrottleRule) {
        self.rule = rule
    }

    mutating func isAdmitted(at now: Timestamp) -> Bool {
        guard !isDisabled, blockedUntil.map({ $0 <= now }) ?? true, burstBlockedUntil.map({ $0 <= now }) ?? true else {
            return false
        }
        consecutive += 1
        countWindow(at: now)
        countBurst(at: now)
        if let limit = rule.disableAfter, consecutive >= limit { isDisabled = true }
        return true
    }

    mutating func succeed() {
        (windowCount, consecutive, level, blockedUntil, isDisabled) = (0, 0, 0, nil, false)
    }

    private mutating func countWindow(at now: Timestamp) {
        let isNew = windowStart.map { $0 + rule.window <= now } ?? true || blockedUntil != nil
        windowCount = isNew ? 1 : windowCount + 1
        if windowCount == 1 { windowStart = now }
        blockedUntil = nil
        guard windowCount >= rule.limit, case .growing(let first, let cap) = rule.block else { return }
        blockedUntil = now + min(cap, first * (1 << level))
        level += 1
    }

    private mutating func countBurst(at now: Timestamp) {
        guard let burst = rule.burst else { return }
        let isNew = burstStart.map { $0 + burst.window <= now } ?? true || burstBlockedUntil != nil
        burstCount = isNew ? 1 : burstCount + 1
        if burstCount == 1 { burstStart = now }
        burstBlockedUntil = burstCount >= burst.limit ? now + burst.block : nil
    }
}

/// The same numbers on every run (xorshift64*).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed | 1
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
