/// A closure that waits for a lane, and the caller that waits for its result.
final class UnitOfWork<R: Sendable>: LaneCall {
    typealias Answer = Result<R, any Error>

    private let deadline: Deadline
    private let isReadOnly: Bool
    private let body: @Sendable (Transaction) throws -> R
    private let caller: CheckedContinuation<Answer, Never>

    init(
        deadline: Deadline,
        isReadOnly: Bool,
        body: @escaping @Sendable (Transaction) throws -> R,
        caller: CheckedContinuation<Answer, Never>
    ) {
        self.deadline = deadline
        self.isReadOnly = isReadOnly
        self.body = body
        self.caller = caller
    }

    func run(on lane: Lane) {
        guard !deadline.hasPassed else {
            return refuse(DatabaseError(.deadlineExceeded, "the deadline passed in the queue"))
        }
        caller.resume(returning: isReadOnly ? lane.read(deadline, body) : lane.transact(deadline, body))
    }

    func refuse(_ error: DatabaseError) {
        caller.resume(returning: .failure(error))
    }
}
