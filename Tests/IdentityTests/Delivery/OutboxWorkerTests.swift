import Cryptography
import Mail
import MariaDB
import Synchronization
import Testing

@testable import Identity

/// Delivery: at least once, never twice in normal running, and never too late.
@Suite struct OutboxWorkerTests {
    private static let down = MailError(.temporary, reason: "the server is away", smtpStatus: 451)
    private static let refused = MailError(.permanent, reason: "no such mailbox", smtpStatus: 550)

    private func count(_ world: SignInWorld, _ state: OutboxState) async throws -> Int64 {
        try await world.number("SELECT COUNT(*) FROM outbox WHERE state = \(state.rawValue)")
    }

    @Test func `a delivered message is emptied and sent once`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        #expect(await world.worker.deliverDue() == 1)
        #expect(await world.worker.deliverDue() == 0)
        #expect(world.post.messages.count == 1)
        #expect(
            try await world.number(
                "SELECT COUNT(*) FROM outbox WHERE state = 2 AND payload = '' AND finished_at IS NOT NULL"
            ) == 1
        )
    }

    @Test func `a payload is sealed for its row`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        world.clock.advance(.seconds(1))
        _ = try await world.begin("b@example.com")
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE LOCATE('example', payload) > 0") == 0)
        try world.run("UPDATE outbox a JOIN outbox b ON a.id < b.id SET b.payload = a.payload")
        await world.worker.deliverDue()
        #expect(world.post.messages.map(\.to.text) == ["a@example.com"])
        #expect(try await count(world, .failed) == 1)
    }

    @Test func `a decoy is dropped and emptied`() async throws {
        let world = try await SignInWorld { $0.selfRegistration = .closed }
        _ = try await world.begin("a@example.com")
        await world.worker.deliverDue()
        #expect(world.post.attempts == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE state = 3 AND payload = ''") == 1)
    }

    @Test func `a temporary failure is tried again, later each time, under one message id`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        world.post.fail(with: Self.down)
        await world.worker.deliverDue()
        await world.worker.deliverDue()
        #expect(world.post.attempts == 1)
        world.clock.advance(.seconds(2))
        await world.worker.deliverDue()
        #expect(world.post.attempts == 2)
        world.clock.advance(.milliseconds(1999))
        await world.worker.deliverDue()
        #expect(world.post.attempts == 2)
        world.post.fail(with: nil)
        world.clock.advance(.milliseconds(2001))
        await world.worker.deliverDue()
        #expect(world.post.messages.count == 1)
        #expect(try await count(world, .delivered) == 1)
    }

    @Test func `a permanent failure ends a message`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        world.post.fail(with: Self.refused)
        await world.worker.deliverDue()
        world.clock.advance(.seconds(200))
        await world.worker.deliverDue()
        #expect(world.post.attempts == 1)
        #expect(
            try await world.number("SELECT COUNT(*) FROM outbox WHERE state = 4 AND payload = '' AND last_error <> ''")
                == 1
        )
    }

    @Test func `a message is given up after so many attempts`() async throws {
        let world = try await SignInWorld {
            $0.delivery.maximumAttempts = 3
            $0.code.lifetime = .seconds(600)
        }
        _ = try await world.begin("a@example.com")
        world.post.fail(with: Self.down)
        for _ in 0..<6 {
            await world.worker.deliverDue()
            world.clock.advance(.seconds(60))
        }
        #expect(world.post.attempts == 3)
        #expect(try await count(world, .failed) == 1)
    }

    @Test func `an expired code is not sent`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        world.clock.advance(.seconds(300))
        await world.worker.deliverDue()
        #expect(world.post.attempts == 0)
        #expect(try await world.number("SELECT COUNT(*) FROM outbox WHERE state = 5 AND payload = ''") == 1)
    }

    @Test func `what a killed process had claimed is sent by another when the claim is over`() async throws {
        let world = try await SignInWorld()
        _ = try await world.begin("a@example.com")
        let store = OutboxStore(keyRing: world.core.parts.keyRing, random: SystemRandom())
        let now = world.clock.now()
        let claimed = try await world.database.transaction(deadline: .after(.seconds(600))) { transaction in
            try store.claim(8, at: now, until: now + .seconds(120), transaction)
        }
        #expect(claimed.count == 1)
        let other = try SignInWorld(world.configuration, clock: world.clock, post: world.post)
        #expect(await other.worker.deliverDue() == 0)
        world.clock.advance(.seconds(120))
        #expect(await other.worker.deliverDue() == 1)
        #expect(world.post.messages.count == 1)
        // The first one comes back to life: its claim is not the row's any more.
        world.post.fail(with: Self.down)
        for message in claimed { _ = await world.worker.courier.deliver(message) }
        #expect(try await count(world, .delivered) == 1)
    }

    @Test func `several processes never send a message twice`() async throws {
        let world = try await SignInWorld()
        for index in 0..<60 { _ = try await world.begin("user\(index)@example.com") }
        var nodes = [world]
        for _ in 0..<3 { nodes.append(try SignInWorld(world.configuration, clock: world.clock, post: world.post)) }
        await withTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { await node.worker.deliverDue() } }
        }
        #expect(world.post.messages.count == 60)
        #expect(Set(world.post.messages.map(\.to.text)).count == 60)
        #expect(Set(world.post.messages.map(\.messageID)).count == 60)
    }

    @Test func `the running worker wakes at a commit and stops when cancelled`() async throws {
        let world = try await SignInWorld()
        let worker = world.worker
        let running = Task { await worker.run() }
        for index in 0..<3 {
            _ = try await world.begin("user\(index)@example.com")
            // Polls never come: the worker's pauses last an hour.
            for _ in 0..<2000 where world.post.messages.count <= index { try await Task.sleep(for: .milliseconds(5)) }
            #expect(world.post.messages.count == index + 1)
        }
        running.cancel()
        await running.value
    }

    @Test func `a slow server holds up no more than its own messages`() async throws {
        let gate = Gate()
        let world = try await SignInWorld { $0.delivery.concurrency = 2 }
        let slow = SlowPost(gate: gate, inner: world.post)
        let parts = CoreParts(
            database: world.database,
            keyRing: world.core.parts.keyRing,
            policy: world.core.parts.policy,
            mail: slow,
            texts: nil,
            http: world.core.parts.http,
            random: SystemRandom(),
            clock: world.clock,
            logger: world.core.parts.logger
        )
        for index in 0..<4 { _ = try await world.begin("user\(index)@example.com") }
        _ = try await world.begin("slow@example.com")
        let worker = OutboxWorker(parts) { _ in try await Task.sleep(for: .seconds(3600)) }
        let running = Task { await worker.run() }
        for _ in 0..<2000 where world.post.messages.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(world.post.messages.count == 4)
        #expect(slow.most <= 2)
        await gate.open()
        for _ in 0..<2000 where world.post.messages.count < 5 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(world.post.messages.count == 5)
        running.cancel()
        await running.value
    }
}

/// Lets nobody through until it is opened.
actor Gate {
    private var isOpen = false

    func open() { isOpen = true }

    func pass() async {
        while !isOpen, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
    }
}

/// A transport that hangs on one address.
final class SlowPost: MailTransport {
    private let gate: Gate
    private let inner: PostBox
    private let inFlight = Mutex((now: 0, most: 0))

    init(gate: Gate, inner: PostBox) {
        self.gate = gate
        self.inner = inner
    }

    var most: Int { inFlight.withLock { $0.most } }

    func send(_ message: MailMessage) async throws(MailError) {
        inFlight.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
        defer { inFlight.withLock { $0.now -= 1 } }
        if message.to.text.hasPrefix("slow") { await gate.pass() }
        try await inner.send(message)
    }
}
