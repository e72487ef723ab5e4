/// The bounded queue in front of the lanes.
///
/// Waiting lanes stand in a stack, each with a condition of its own: a new job wakes exactly one, the one that worked
/// last, whose connection and prepared statements are warm.
///
/// Some lanes are kept free of units of work, which may wait for each other's locks, so that coalesced reads, which wait for
/// nobody, go on; and some free of those, however many there are.
final class LaneQueue: Sendable {
    /// What a lane does.
    enum Occupation: Sendable {
        case turn, unitOfWork
    }

    struct State: Sendable {
        /// Units of work.
        var jobs = SlotList<LaneJob>()
        /// Turns of batches.
        var turns = SlotList<LaneJob>()
        /// What each lane does that does something.
        var occupations: [Occupation?]
        var batches: [ObjectIdentifier: PointBatch] = [:]
        /// Callers that wait for coalesced reads, over all batches.
        var waiters = 0
        var idleLanes: [Int] = []
        var isClosed = false
        /// When the keeper looks for passed deadlines next.
        var keeperWakesAt = Deadline.never

        var depth: Int { jobs.count + waiters }

        init(lanes: Int) { occupations = Array(repeating: nil, count: lanes) }

        /// The next job that may begin now, and what it is; turns are short, and come first.
        mutating func takeNext(upTo limit: Int) -> (job: LaneJob, occupation: Occupation)? {
            if mayBegin(.turn, upTo: limit), let job = turns.popFirst() { return (job, .turn) }
            if mayBegin(.unitOfWork, upTo: limit), let job = jobs.popFirst() { return (job, .unitOfWork) }
            return nil
        }

        /// Whether a lane that is free would get a job.
        func hasNext(upTo limit: Int) -> Bool {
            !turns.isEmpty && mayBegin(.turn, upTo: limit) || !jobs.isEmpty && mayBegin(.unitOfWork, upTo: limit)
        }

        private func mayBegin(_ occupation: Occupation, upTo limit: Int) -> Bool {
            occupations.count { $0 == occupation } < limit
        }
    }

    let monitor: Monitor<State>
    private let limit: Int
    /// How many lanes may do the same at once.
    private let share: Int

    static let keeperCondition = 0
    // The keeper's condition is the first, those of the lanes follow.
    private static func condition(ofLane index: Int) -> Int { 1 + index }

    init(lanes: Int, limit: Int) {
        monitor = Monitor(State(lanes: lanes), conditions: 1 + lanes)
        self.limit = limit
        share = lanes < 4 ? lanes : lanes - (lanes < 8 ? 1 : 2)
    }

    var depth: Int { monitor.withLock { $0.depth } }

    /// Puts a job in, or refuses it at once.
    func enqueue(_ job: LaneJob) {
        let refusal = monitor.withLock { state -> DatabaseError? in
            if let refusal = self.refusal(of: job, state) { return refusal }
            insert(job, &state)
            watch(job.deadline, &state)
            return nil
        }
        if let refusal { job.call.refuse(refusal) }
    }

    /// Adds a caller to the batch of its kind, and queues a turn for the batch where needed.
    func enqueue(_ waiter: LaneJob, in kind: ObjectIdentifier, turn: @autoclosure () -> any LaneCall) {
        let refusal = monitor.withLock { state -> DatabaseError? in
            if let refusal = self.refusal(of: waiter, state) { return refusal }
            state.waiters += 1
            let next = state.batches[kind, default: PointBatch(turn: turn())].appendForTurn(waiter)
            if let next { insert(turn: next, &state) }
            watch(waiter.deadline, &state)
            return nil
        }
        if let refusal { waiter.call.refuse(refusal) }
    }

    /// Takes a job out because its caller was cancelled; no effect once a lane has it.
    func cancel(_ ticket: Ticket) {
        let job = monitor.withLock { state -> LaneJob? in
            ticket.cancel()
            return remove(ticket, &state)
        }
        job?.call.refuse(DatabaseError(.cancelled))
    }

    /// Waits for the next job of lane `index`; nil when the queue is closed.
    func next(for index: Int) -> LaneJob? {
        monitor.wait(on: Self.condition(ofLane: index)) { state -> LaneJob?? in
            state.occupations[index] = nil
            if let (job, occupation) = state.takeNext(upTo: share) {
                _ = job.ticket.leave()
                state.occupations[index] = occupation
                state.idleLanes.removeAll { $0 == index }
                // What this lane did before may have been all that held another job up.
                wakeLane(&state)
                return .some(job)
            }
            if state.isClosed { return .some(nil) }
            if !state.idleLanes.contains(index) { state.idleLanes.append(index) }
            return nil
        } ?? nil
    }

    /// Waits until there is work to connect for; false when the queue is closed.
    func waitForWork(_ index: Int) -> Bool {
        monitor.wait(on: Self.condition(ofLane: index)) { state -> Bool? in
            if state.isClosed { return false }
            state.occupations[index] = nil
            if state.hasNext(upTo: share) {
                state.idleLanes.removeAll { $0 == index }
                return true
            }
            // At the bottom of the stack: a lane without a connection is woken only when no other is free.
            if !state.idleLanes.contains(index) { state.idleLanes.insert(index, at: 0) }
            return nil
        } ?? false
    }

    /// Notes that a lane does nothing while it has no connection.
    func rest(_ index: Int) {
        monitor.withLock { state in
            state.occupations[index] = nil
            wakeLane(&state)
        }
    }

    /// Sleeps lane `index` until `deadline`; false when the queue is closed.
    func pause(_ index: Int, until deadline: Deadline) -> Bool {
        monitor.wait(on: Self.condition(ofLane: index), until: { _ in deadline }) { $0.isClosed ? true : nil } == nil
    }

    /// Takes as many waiters of a batch as one statement reads; they no longer wait.
    func takeWaiters(of kind: ObjectIdentifier) -> [LaneJob] {
        monitor.withLock { state in
            let taken = state.batches[kind]?.take(PointBatch.largestWidth) ?? []
            state.waiters -= taken.count
            return taken
        }
    }

    /// Ends the turn of a batch, and queues another where needed.
    func finishTurn(of kind: ObjectIdentifier) {
        monitor.withLock { state in
            if let next = state.batches[kind]?.endTurn() { insert(turn: next, &state) }
        }
    }

    /// Refuses everything that waits and everything that comes.
    func close() {
        let waiting = monitor.withLock { state -> [LaneJob] in
            state.isClosed = true
            return drain(&state)
        }
        monitor.broadcast()
        let error = DatabaseError(.unavailable(.connecting), "the database is being shut down")
        for job in waiting { job.call.refuse(error) }
    }

    private func refusal(of job: LaneJob, _ state: State) -> DatabaseError? {
        if job.ticket.isCancelled { return DatabaseError(.cancelled) }
        if state.isClosed { return DatabaseError(.unavailable(.connecting), "the database is shut down") }
        if job.deadline <= job.enqueuedAt { return DatabaseError(.deadlineExceeded, "the deadline had passed already") }
        return state.depth >= limit ? DatabaseError(.overloaded, "the queue of the database is full") : nil
    }

    private func insert(_ job: LaneJob, _ state: inout State) {
        job.ticket.enter(slot: state.jobs.append(job))
        wakeLane(&state)
    }

    private func insert(turn: LaneJob, _ state: inout State) {
        turn.ticket.enter(slot: state.turns.append(turn))
        wakeLane(&state)
    }

    /// Wakes a lane, if one is free and something may begin.
    private func wakeLane(_ state: inout State) {
        guard state.hasNext(upTo: share), let lane = state.idleLanes.popLast() else { return }
        monitor.signal(Self.condition(ofLane: lane))
    }

    private func watch(_ deadline: Deadline, _ state: inout State) {
        guard deadline < state.keeperWakesAt else { return }
        state.keeperWakesAt = deadline
        monitor.signal(Self.keeperCondition)
    }

    /// Takes a job out, under the queue's lock; nil when it does not wait any more.
    func remove(_ ticket: Ticket, _ state: inout State) -> LaneJob? {
        guard let slot = ticket.leave() else { return nil }
        guard let batch = ticket.batch else { return state.jobs.remove(at: slot) }
        state.waiters -= 1
        return state.batches[batch]?.remove(at: slot)
    }

    private func drain(_ state: inout State) -> [LaneJob] {
        var waiting: [LaneJob] = []
        while let job = state.jobs.popFirst() {
            _ = job.ticket.leave()
            waiting.append(job)
        }
        // Turns have no callers.
        while state.turns.popFirst() != nil {}
        for batch in state.batches.keys { waiting += state.batches[batch]?.takeAll() ?? [] }
        state.waiters = 0
        return waiting
    }
}
