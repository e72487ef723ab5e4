/// The bounded queue in front of the lanes.
///
/// Waiting lanes stand in a stack, each with a condition of its own: a new job wakes exactly one, the one that worked
/// last, whose connection and prepared statements are warm.
final class LaneQueue: Sendable {
    struct State {
        var jobs = SlotList<LaneJob>()
        var batches: [ObjectIdentifier: any PointBatch] = [:]
        /// Callers that wait for coalesced reads, over all batches.
        var waiters = 0
        var idleLanes: [Int] = []
        var isClosed = false
        /// When the keeper looks for passed deadlines next.
        var keeperWakesAt = Deadline.never

        var depth: Int { jobs.count + waiters }
    }

    let monitor: Monitor<State>
    let keeperCondition = Condition()
    private let laneConditions: [Condition]
    private let limit: Int

    init(lanes: Int, limit: Int) {
        monitor = Monitor(State())
        laneConditions = (0..<lanes).map { _ in Condition() }
        self.limit = limit
    }

    var depth: Int { monitor.withLock { $0.depth } }

    /// Puts a job in, or refuses it at once.
    func enqueue(_ job: LaneJob) {
        let refusal = monitor.withLock { state -> DatabaseError? in
            if let refusal = self.refusal(of: job, state) { return refusal }
            self.insert(job, &state)
            self.watch(job.deadline, &state)
            return nil
        }
        if let refusal { job.refuse(refusal) }
    }

    /// Adds a caller to the batch of its kind, and queues a turn for the batch where needed.
    func enqueue(_ waiter: LaneJob, kind: ObjectIdentifier, makeBatch: () -> any PointBatch) {
        let refusal = monitor.withLock { state -> DatabaseError? in
            if let refusal = self.refusal(of: waiter, state) { return refusal }
            let batch = state.batches[kind] ?? makeBatch()
            state.batches[kind] = batch
            batch.append(waiter)
            state.waiters += 1
            if let turn = batch.nextTurn() { self.insert(turn, &state) }
            self.watch(waiter.deadline, &state)
            return nil
        }
        if let refusal { waiter.refuse(refusal) }
    }

    /// Takes a job out because its caller was cancelled; no effect once a lane has it.
    func cancel(_ job: LaneJob) {
        let wasWaiting = monitor.withLock { state -> Bool in
            job.isCancelled = true
            return self.remove(job, &state)
        }
        if wasWaiting { job.refuse(DatabaseError(.cancelled)) }
    }

    /// Waits for the next job of lane `index`; nil when the queue is closed or `limit` passes.
    func next(for index: Int, until limit: Deadline = .never) -> LaneJob? {
        let job = monitor.wait(on: laneConditions[index], until: { _ in limit }) { state -> LaneJob?? in
            if let job = state.jobs.popFirst() {
                job.place = nil
                state.idleLanes.removeAll { $0 == index }
                return .some(job)
            }
            if state.isClosed { return .some(nil) }
            if !state.idleLanes.contains(index) { state.idleLanes.append(index) }
            return nil
        }
        guard let job else {
            monitor.withLock { state in state.idleLanes.removeAll { $0 == index } }
            return nil
        }
        return job
    }

    /// Waits until there is work to connect for; false when the queue is closed.
    func waitForWork(_ index: Int) -> Bool {
        monitor.wait(on: laneConditions[index]) { state -> Bool? in
            if state.isClosed { return false }
            if !state.jobs.isEmpty {
                state.idleLanes.removeAll { $0 == index }
                return true
            }
            // At the bottom of the stack: a lane without a connection is woken only when no other is free.
            if !state.idleLanes.contains(index) { state.idleLanes.insert(index, at: 0) }
            return nil
        } ?? false
    }

    /// Sleeps lane `index` until `deadline`; false when the queue is closed.
    func pause(_ index: Int, until deadline: Deadline) -> Bool {
        monitor.wait(on: laneConditions[index], until: { _ in deadline }) { $0.isClosed ? true : nil } == nil
    }

    /// Runs `body` under the lock and queues the turn it returns; for a batch whose turn ends.
    func finishTurn(_ body: () -> LaneJob?) {
        monitor.withLock { state in
            if let turn = body() { self.insert(turn, &state) }
        }
    }

    /// Runs `body` under the lock and counts what it took out of a batch as no longer waiting.
    func takeWaiters<W: LaneJob>(_ body: () -> [W]) -> [W] {
        monitor.withLock { state in
            let taken = body()
            state.waiters -= taken.count
            return taken
        }
    }

    /// Refuses everything that waits and everything that comes.
    func close() {
        let waiting = monitor.withLock { state -> [LaneJob] in
            state.isClosed = true
            return self.drain(&state)
        }
        for condition in laneConditions { condition.broadcast() }
        keeperCondition.broadcast()
        for job in waiting { job.refuse(DatabaseError(.unavailable(.connecting), "the database is being shut down")) }
    }

    private func refusal(of job: LaneJob, _ state: State) -> DatabaseError? {
        if job.isCancelled { return DatabaseError(.cancelled) }
        if state.isClosed { return DatabaseError(.unavailable(.connecting), "the database is shut down") }
        if job.deadline.hasPassed { return DatabaseError(.deadlineExceeded, "the deadline had passed already") }
        return state.depth >= limit ? DatabaseError(.overloaded, "the queue of the database is full") : nil
    }

    private func insert(_ job: LaneJob, _ state: inout State) {
        job.place = state.jobs.append(job)
        guard let lane = state.idleLanes.popLast() else { return }
        laneConditions[lane].signal()
    }

    private func watch(_ deadline: Deadline, _ state: inout State) {
        guard deadline < state.keeperWakesAt else { return }
        state.keeperWakesAt = deadline
        keeperCondition.signal()
    }

    func remove(_ job: LaneJob, _ state: inout State) -> Bool {
        if let batch = job.batch {
            guard batch.remove(job) else { return false }
            state.waiters -= 1
            return true
        }
        guard let place = job.place else { return false }
        job.place = nil
        return state.jobs.remove(at: place) != nil
    }

    private func drain(_ state: inout State) -> [LaneJob] {
        var waiting: [LaneJob] = []
        while let job = state.jobs.popFirst() {
            job.place = nil
            waiting.append(job)
        }
        for batch in state.batches.values { waiting += batch.removeAll() }
        state.waiters = 0
        return waiting
    }
}
