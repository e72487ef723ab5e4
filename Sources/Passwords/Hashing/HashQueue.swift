/// Which calls wait and run, and who is let in; a value without clock, lock or thread.
///
///     admit -> waiting -> next -> running -> finish
///        \-> refused        \-> expired, cancelled, stopped
struct HashQueue: Sendable {
    private enum Phase {
        case notStarted
        case open
        case stopped
    }

    private(set) var waiting: [HashUnit] = []
    private(set) var snapshot = HashLaneSnapshot()
    private var estimate = CostEstimate()
    private var waitingWork = Duration.zero
    private var runningWork = Duration.zero
    private var isOversizedRunning = false
    private var phase = Phase.notStarted

    let threads: Int
    let capacity: Int

    init(threads: Int, capacity: Int) {
        self.threads = threads
        self.capacity = capacity
    }

    var isStopped: Bool { phase == .stopped }

    /// Threads with nothing to do once each waiting call has one.
    private var spare: Int { threads - snapshot.running - waiting.count }

    /// About how long work takes that is promised to take `promised`.
    func duration(of promised: Duration) -> Duration { estimate.duration(of: promised) }

    /// How long a call that came now would wait for a thread.
    ///
    /// What runs is taken to be half done.
    var wait: Duration {
        spare > 0 ? .zero : estimate.duration(of: (waitingWork + runningWork / 2) / threads)
    }

    /// Lets calls in from now on; false when that was done before.
    mutating func open() -> Bool {
        guard phase == .notStarted else { return false }
        phase = .open
        return true
    }

    /// Lets a call wait, or says why not.
    ///
    /// A call that finds a thread free is let in however long it is thought to take: its measure corrects a wrong estimate.
    mutating func admit(_ unit: HashUnit, at now: ContinuousClock.Instant) -> HashLaneError? {
        if unit.ticket.isCancelled {
            snapshot.cancelled += 1
            return .cancelled
        }
        if let refusal = refuse(promised: unit.promised, deadline: unit.deadline, at: now) { return refusal }
        waiting.append(unit)
        waitingWork += unit.promised
        snapshot.waiting += 1
        return nil
    }

    /// Says why there is no room for a call that came now, and counts it as refused; nil when there is.
    ///
    /// For what comes before the call and costs more than looking: room that was found may be taken when the call comes.
    mutating func refuse(
        promised: Duration,
        deadline: ContinuousClock.Instant,
        at now: ContinuousClock.Instant
    ) -> HashLaneError? {
        guard phase == .open else { return .stopped }
        if deadline <= now {
            snapshot.expired += 1
            return .deadlineExceeded
        }
        let wait = wait
        let end = now + wait + estimate.duration(of: promised)
        guard spare <= 0, spare <= -capacity || end > deadline else { return nil }
        snapshot.overloaded += 1
        return .overloaded(retryAfter: wait)
    }

    /// Takes the call that is to be computed next; nil when there is none.
    ///
    /// Of those with memory of their own one is computed at a time, so that imported records take no more than one block
    /// beside those of the threads (SECURITY PW-11).
    mutating func next() -> HashUnit? {
        guard let place = waiting.firstIndex(where: { !isOversizedRunning || !$0.isOversized }) else { return nil }
        let unit = remove(at: place)
        if unit.isOversized { isOversizedRunning = true }
        runningWork += unit.promised
        snapshot.running += 1
        return unit
    }

    /// Takes the calls whose deadline has passed.
    mutating func takeExpired(at now: ContinuousClock.Instant) -> [HashUnit] {
        guard waiting.contains(where: { $0.deadline <= now }) else { return [] }
        let expired = waiting.filter { $0.deadline <= now }
        for unit in expired { waitingWork -= unit.promised }
        waiting.removeAll { $0.deadline <= now }
        snapshot.waiting -= expired.count
        snapshot.expired += expired.count
        return expired
    }

    /// Notes that a call was computed in a time.
    mutating func finish(_ unit: HashUnit, after measured: Duration) {
        estimate.learn(promised: unit.promised, measured: measured)
        if unit.isOversized { isOversizedRunning = false }
        runningWork -= unit.promised
        snapshot.running -= 1
        snapshot.completed += 1
    }

    /// Takes a call out whose task was cancelled; nil when it is computed, was answered, or is still to come.
    mutating func cancel(_ ticket: HashTicket) -> HashUnit? {
        ticket.cancel()
        guard let place = waiting.firstIndex(where: { $0.ticket === ticket }) else { return nil }
        snapshot.cancelled += 1
        return remove(at: place)
    }

    /// Takes everything that waits, and lets nothing in any more.
    mutating func stop() -> [HashUnit] {
        phase = .stopped
        defer {
            waiting = []
            waitingWork = .zero
            snapshot.waiting = 0
        }
        return waiting
    }

    private mutating func remove(at place: Int) -> HashUnit {
        let unit = waiting.remove(at: place)
        waitingWork -= unit.promised
        snapshot.waiting -= 1
        return unit
    }
}
