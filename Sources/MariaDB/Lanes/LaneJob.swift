/// Work that waits for a lane, or a caller that waits for a coalesced read.
///
/// Whoever takes a job out of the queue under the queue's lock (a lane, the keeper, a cancellation) answers it, so it is
/// answered exactly once. `place` is guarded by the same lock.
class LaneJob: @unchecked Sendable {
    let deadline: Deadline
    let enqueuedAt = Deadline.now
    /// Where the job stands in its list; nil when it does not wait.
    var place: Int?
    /// Set under the queue's lock when the caller is cancelled before the job is put in.
    var isCancelled = false
    /// The batch of coalesced reads this is part of; nil for a job of its own.
    var batch: (any PointBatch)?

    init(deadline: Deadline) {
        self.deadline = deadline
    }

    /// Runs on a lane's thread; must not throw and must answer the caller.
    func run(on lane: Lane) {
        preconditionFailure("a job that is queued by itself knows how to run")
    }

    /// Answers the caller without having run.
    func refuse(_ error: DatabaseError) {
        preconditionFailure("every job can be refused")
    }
}

/// The callers that wait for coalesced reads of one kind; guarded by the queue's lock.
protocol PointBatch: AnyObject {
    var count: Int { get }
    func append(_ waiter: LaneJob)
    func remove(_ waiter: LaneJob) -> Bool
    func visit(_ body: (LaneJob) -> Void)
    func removeAll() -> [LaneJob]
    /// A job that reads what waits, if one more should be queued now.
    func nextTurn() -> LaneJob?
}
