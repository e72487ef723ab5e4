/// The callers that wait for rows of one kind, and the rule when to read them; guarded by the queue's lock.
struct PointBatch: Sendable {
    /// Reads what waits, when a lane has its turn.
    let turn: any LaneCall
    private var waiting = SlotList<LaneJob>()
    private var turns = 0

    /// The most keys in one statement.
    static let largestWidth = 128
    // Fewer turns at once mean wider statements; more help only when a full statement's worth of keys waits.
    private static let usualTurns = 2

    init(turn: any LaneCall) {
        self.turn = turn
    }

    /// Adds a waiter; returns the turn to queue for it, if any.
    mutating func appendForTurn(_ waiter: LaneJob) -> LaneJob? {
        waiter.ticket.enter(slot: waiting.append(waiter))
        return nextTurn()
    }

    mutating func remove(at place: Int) -> LaneJob? {
        waiting.remove(at: place)
    }

    func visit(_ body: (LaneJob) -> Void) {
        waiting.visit(body)
    }

    /// Takes up to `limit` waiters, those that came first.
    mutating func take(_ limit: Int) -> [LaneJob] {
        var taken: [LaneJob] = []
        taken.reserveCapacity(min(limit, waiting.count))
        while taken.count < limit, let waiter = waiting.popFirst() {
            _ = waiter.ticket.leave()
            taken.append(waiter)
        }
        return taken
    }

    mutating func takeAll() -> [LaneJob] { take(waiting.count) }

    /// A job that reads what waits, if one more should be queued now.
    private mutating func nextTurn() -> LaneJob? {
        guard !waiting.isEmpty, turns < Self.usualTurns || waiting.count >= Self.largestWidth * turns else {
            return nil
        }
        turns += 1
        return LaneJob(call: turn, ticket: Ticket(), deadline: .never)
    }

    mutating func endTurn() -> LaneJob? {
        turns -= 1
        return nextTurn()
    }
}
