/// A closure that waits for a lane, and the caller that waits for its result.
final class UnitOfWork<R: Sendable>: LaneJob, @unchecked Sendable {
    private let body: @Sendable (Transaction) throws -> R
    private let isReadOnly: Bool
    /// Set once, before the job is queued.
    var continuation: CheckedContinuation<Result<R, any Error>, Never>?

    init(deadline: Deadline, isReadOnly: Bool, _ body: @escaping @Sendable (Transaction) throws -> R) {
        self.body = body
        self.isReadOnly = isReadOnly
        super.init(deadline: deadline)
    }

    override func run(on lane: Lane) {
        guard !deadline.hasPassed else {
            return refuse(DatabaseError(.deadlineExceeded, "the deadline passed in the queue"))
        }
        let result = isReadOnly ? lane.read(deadline, body) : lane.transact(deadline, body)
        continuation?.resume(returning: result)
    }

    override func refuse(_ error: DatabaseError) {
        continuation?.resume(returning: .failure(error))
    }
}
