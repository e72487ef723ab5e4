/// One caller that waits for one row.
final class PointWaiter<P: PointRead>: LaneJob, @unchecked Sendable {
    typealias Answer = Result<P.Row?, DatabaseError>

    let key: P.Key
    /// Set once, before the waiter is queued.
    var continuation: CheckedContinuation<Answer, Never>?

    init(key: P.Key, deadline: Deadline) {
        self.key = key
        super.init(deadline: deadline)
    }

    override func refuse(_ error: DatabaseError) {
        continuation?.resume(returning: .failure(error))
    }
}

/// The callers that wait for rows of one kind, and the rule when to read them.
final class PointQueue<P: PointRead>: PointBatch {
    private var waiting = SlotList<PointWaiter<P>>()
    private var turns = 0
    private let queue: LaneQueue

    /// The most keys in one statement.
    static var largestWidth: Int { 128 }
    // Fewer turns at once mean wider statements; more help only when a full statement's worth of keys waits.
    private static var usualTurns: Int { 2 }

    init(queue: LaneQueue) {
        self.queue = queue
    }

    var count: Int { waiting.count }

    func append(_ waiter: LaneJob) {
        guard let waiter = waiter as? PointWaiter<P> else { return }
        waiter.batch = self
        waiter.place = waiting.append(waiter)
    }

    func remove(_ waiter: LaneJob) -> Bool {
        guard let place = waiter.place else { return false }
        waiter.place = nil
        return waiting.remove(at: place) != nil
    }

    func visit(_ body: (LaneJob) -> Void) {
        waiting.visit { _, waiter in body(waiter) }
    }

    func removeAll() -> [LaneJob] { take(waiting.count) }

    func nextTurn() -> LaneJob? {
        guard !waiting.isEmpty, turns < Self.usualTurns || waiting.count >= Self.largestWidth * turns else {
            return nil
        }
        turns += 1
        return PointTurn(batch: self, queue: queue)
    }

    func endTurn() -> LaneJob? {
        turns -= 1
        return nextTurn()
    }

    func take(_ limit: Int) -> [PointWaiter<P>] {
        var taken: [PointWaiter<P>] = []
        taken.reserveCapacity(min(limit, waiting.count))
        while taken.count < limit, let waiter = waiting.popFirst() {
            waiter.place = nil
            taken.append(waiter)
        }
        return taken
    }
}
