/// Refuses waiting work whose deadline passes while all lanes are busy; sleeps while nothing waits.
struct DeadlineKeeper: Sendable {
    let queue: LaneQueue
    let isReachable: @Sendable () -> Bool

    /// Runs on a thread of its own until the queue is closed.
    func run() {
        while let expired = waitForExpired() {
            let error =
                isReachable()
                ? DatabaseError(.deadlineExceeded, "the deadline passed in the queue")
                : DatabaseError(.unavailable(.connecting), "no database server could be reached in time")
            for job in expired { job.call.refuse(error) }
        }
    }

    private func waitForExpired() -> [LaneJob]? {
        while true {
            _ = queue.monitor.wait(on: LaneQueue.keeperCondition, until: { $0.keeperWakesAt }) { state -> Bool? in
                state.isClosed || state.keeperWakesAt.hasPassed ? true : nil
            }
            let (isClosed, expired) = queue.monitor.withLock { state in (state.isClosed, takeExpired(&state)) }
            if isClosed { return nil }
            if !expired.isEmpty { return expired }
        }
    }

    private func takeExpired(_ state: inout LaneQueue.State) -> [LaneJob] {
        let now = Deadline.now
        var expired: [LaneJob] = []
        var next = Deadline.never
        func look(_ job: LaneJob) {
            if job.deadline <= now { expired.append(job) } else { next = min(next, job.deadline) }
        }
        state.jobs.visit(look)
        for batch in state.batches.values { batch.visit(look) }
        state.keeperWakesAt = next
        return expired.compactMap { queue.remove($0.ticket, &state) }
    }
}
