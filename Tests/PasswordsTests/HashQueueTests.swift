import Cryptography
import Testing

@testable import Passwords

/// Who is let in, in which order, and when not (SECURITY PW-11).
struct HashQueueTests {
    private struct NoCall: HashCall {
        func run(_ memory: inout Argon2Memory) -> @Sendable () -> Void { {} }
        func refuse(_ error: HashLaneError) {}
    }

    private let start = ContinuousClock.now

    private func unit(
        _ milliseconds: Int = 10,
        within limit: Duration = .seconds(100),
        isOversized: Bool = false
    ) -> HashUnit {
        HashUnit(
            ticket: HashTicket(),
            deadline: start + limit,
            promised: .milliseconds(milliseconds),
            isOversized: isOversized,
            call: NoCall()
        )
    }

    private func queue(threads: Int = 1, capacity: Int = 100) -> QueueHolder {
        let queue = QueueHolder(threads: threads, capacity: capacity)
        _ = queue.open()
        return queue
    }

    @Test func `Nothing is let in before the start or after the end`() {
        let queue = QueueHolder(threads: 1, capacity: 1)
        #expect(queue.admit(unit(), at: start) == .stopped)
        #expect(queue.open())
        #expect(!queue.open())
        #expect(queue.admit(unit(), at: start) == nil)
        #expect(queue.stop().count == 1)
        #expect(queue.admit(unit(), at: start) == .stopped)
        #expect(!queue.open())
        #expect(queue.next() == nil)
        #expect(queue.snapshot.waiting == 0)
    }

    @Test func `Calls are computed in the order in which they came`() throws {
        let queue = queue()
        let units = (0..<3).map { _ in unit() }
        for unit in units { #expect(queue.admit(unit, at: start) == nil) }
        for unit in units { #expect(try #require(queue.next()).ticket === unit.ticket) }
        #expect(queue.next() == nil)
    }

    @Test func `As many wait as the capacity says, beyond one for each thread`() {
        let queue = queue(threads: 2, capacity: 3)
        for _ in 0..<5 { #expect(queue.admit(unit(), at: start) == nil) }
        guard case .overloaded = queue.admit(unit(), at: start) else {
            Issue.record("a sixth call was let in")
            return
        }
        #expect(queue.snapshot.waiting == 5)
        #expect(queue.snapshot.overloaded == 1)
        _ = queue.next()
        guard case .overloaded = queue.admit(unit(), at: start) else {
            Issue.record("a call that runs made room beyond the threads")
            return
        }
    }

    @Test func `Whether there is room can be asked before a call comes, and a no counts as a refusal`() {
        let queue = queue(threads: 1, capacity: 1)
        let (cost, deadline) = (Duration.milliseconds(10), start + .seconds(100))
        for _ in 0..<2 {
            #expect(queue.refuse(promised: cost, deadline: deadline, at: start) == nil)
            #expect(queue.admit(unit(), at: start) == nil)
        }
        #expect(
            queue.refuse(promised: cost, deadline: deadline, at: start) == .overloaded(retryAfter: .milliseconds(20))
        )
        #expect(queue.snapshot.overloaded == 1 && queue.snapshot.waiting == 2)
        #expect(queue.refuse(promised: cost, deadline: start, at: start) == .deadlineExceeded)
        _ = queue.stop()
        #expect(queue.refuse(promised: cost, deadline: deadline, at: start) == .stopped)
    }

    @Test func `A deadline that the work before it makes impossible is refused, with a time to come back`() throws {
        let queue = queue()
        for _ in 0..<4 { #expect(queue.admit(unit(10), at: start) == nil) }
        // Forty milliseconds of work wait, so this one would end after fifty.
        #expect(
            queue.admit(unit(10, within: .milliseconds(49)), at: start) == .overloaded(retryAfter: .milliseconds(40))
        )
        #expect(queue.admit(unit(10, within: .milliseconds(50)), at: start) == nil)
        #expect(queue.snapshot.overloaded == 1)
    }

    @Test func `Work is shared among the threads when the wait is estimated`() {
        let queue = queue(threads: 4)
        for _ in 0..<8 { #expect(queue.admit(unit(10), at: start) == nil) }
        #expect(queue.wait == .milliseconds(20))
    }

    @Test func `A costly record before a cheap one counts with its cost`() {
        let queue = queue()
        #expect(queue.admit(unit(2000), at: start) == nil)
        #expect(queue.admit(unit(10, within: .milliseconds(1000)), at: start) == .overloaded(retryAfter: .seconds(2)))
    }

    @Test func `What runs counts as half done`() {
        let queue = queue()
        #expect(queue.admit(unit(20), at: start) == nil)
        _ = queue.next()
        #expect(queue.wait == .milliseconds(10))
    }

    @Test func `The estimate follows what was measured`() throws {
        let queue = queue()
        for _ in 0..<50 {
            #expect(queue.admit(unit(10), at: start) == nil)
            queue.finish(try #require(queue.next()), after: .milliseconds(30))
        }
        let learnt = queue.duration(of: .milliseconds(10))
        #expect(learnt > .milliseconds(29) && learnt < .milliseconds(31))
        #expect(queue.snapshot.completed == 50)
        #expect(queue.snapshot.running == 0)
    }

    @Test func `A machine that once stood still is not held to be slow forever`() throws {
        let queue = queue()
        for _ in 0..<40 {
            // Found free, so let in, however long the estimate says.
            #expect(queue.admit(unit(10, within: .milliseconds(15)), at: start) == nil)
            queue.finish(try #require(queue.next()), after: .seconds(100_000))
        }
        for _ in 0..<200 {
            #expect(queue.admit(unit(10, within: .milliseconds(15)), at: start) == nil)
            queue.finish(try #require(queue.next()), after: .milliseconds(10))
        }
        #expect(queue.duration(of: .milliseconds(10)) < .milliseconds(11))
    }

    @Test func `A deadline that has passed is refused at once`() {
        let queue = queue()
        #expect(queue.admit(unit(within: .zero), at: start) == .deadlineExceeded)
        #expect(queue.snapshot.expired == 1)
    }

    @Test func `Waiting calls whose deadline passes make room`() {
        let queue = queue(threads: 1, capacity: 1)
        let late = unit(within: .milliseconds(15))
        #expect(queue.admit(late, at: start) == nil)
        #expect(queue.admit(unit(), at: start) == nil)
        #expect(queue.takeExpired(at: start + .milliseconds(14)).isEmpty)
        let expired = queue.takeExpired(at: start + .milliseconds(15))
        #expect(expired.count == 1)
        #expect(expired.first?.ticket === late.ticket)
        #expect(queue.admit(unit(), at: start + .milliseconds(15)) == nil)
        #expect(queue.snapshot.expired == 1)
        #expect(queue.snapshot.waiting == 2)
    }

    @Test func `A cancelled call frees its place, before it came to wait as well`() throws {
        let queue = queue(threads: 1, capacity: 0)
        let waiting = unit()
        #expect(queue.admit(waiting, at: start) == nil)
        #expect(queue.cancel(waiting.ticket)?.ticket === waiting.ticket)
        #expect(queue.cancel(waiting.ticket) == nil)
        let early = unit()
        #expect(queue.cancel(early.ticket) == nil)
        #expect(queue.admit(early, at: start) == .cancelled)
        #expect(queue.admit(unit(), at: start) == nil)
        let running = try #require(queue.next())
        #expect(queue.cancel(running.ticket) == nil)
        #expect(queue.snapshot.cancelled == 2)
    }

    @Test func `One record with memory of its own is computed at a time, and holds up no other`() throws {
        let queue = queue(threads: 3)
        let (first, second, plain) = (unit(isOversized: true), unit(isOversized: true), unit())
        for unit in [first, second, plain] { #expect(queue.admit(unit, at: start) == nil) }
        #expect(try #require(queue.next()).ticket === first.ticket)
        #expect(try #require(queue.next()).ticket === plain.ticket)
        #expect(queue.next() == nil)
        queue.finish(first, after: .milliseconds(10))
        #expect(try #require(queue.next()).ticket === second.ticket)
    }
}

/// A queue that expectations can change.
private final class QueueHolder {
    private var queue: HashQueue

    init(threads: Int, capacity: Int) { queue = HashQueue(threads: threads, capacity: capacity) }

    var snapshot: HashLaneSnapshot { queue.snapshot }
    var wait: Duration { queue.wait }

    func open() -> Bool { queue.open() }
    func admit(_ unit: HashUnit, at now: ContinuousClock.Instant) -> HashLaneError? { queue.admit(unit, at: now) }
    func refuse(
        promised: Duration,
        deadline: ContinuousClock.Instant,
        at now: ContinuousClock.Instant
    ) -> HashLaneError? {
        queue.refuse(promised: promised, deadline: deadline, at: now)
    }
    func next() -> HashUnit? { queue.next() }
    func finish(_ unit: HashUnit, after measured: Duration) { queue.finish(unit, after: measured) }
    func cancel(_ ticket: HashTicket) -> HashUnit? { queue.cancel(ticket) }
    func takeExpired(at now: ContinuousClock.Instant) -> [HashUnit] { queue.takeExpired(at: now) }
    func stop() -> [HashUnit] { queue.stop() }
    func duration(of promised: Duration) -> Duration { queue.duration(of: promised) }
}
