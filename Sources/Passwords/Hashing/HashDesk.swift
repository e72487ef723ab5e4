internal import Cryptography
internal import Dispatch
internal import Synchronization

/// Where callers leave their calls and threads fetch them.
///
/// A thread that finds nothing sleeps on the semaphore, and is counted under the lock; each call that is let in wakes one.
/// Calls whose deadline has passed are answered when the next one comes or ends: who is let in is expected to be in time,
/// so no thread of its own watches for them.
final class HashDesk: Sendable {
    private struct State: Sendable {
        var queue: HashQueue
        var sleepers = 0
    }

    private let state: Mutex<State>
    private let bell = DispatchSemaphore(value: 0)
    private let now: @Sendable () -> ContinuousClock.Instant

    init(threads: Int, capacity: Int, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        state = Mutex(State(queue: HashQueue(threads: threads, capacity: capacity)))
        self.now = now
    }

    /// What happens at this moment, and how long work takes that is promised to take `promised`.
    func snapshot(promised: Duration) -> HashLaneSnapshot {
        state.withLock { state in
            var snapshot = state.queue.snapshot
            snapshot.hashDuration = state.queue.duration(of: promised)
            return snapshot
        }
    }

    /// Lets calls in from now on; false when that was done before.
    func open() -> Bool { state.withLock { $0.queue.open() } }

    /// Lets a call wait, or refuses it at once.
    func submit(_ unit: HashUnit) {
        let now = now()
        let (expired, refusal, wakes) = state.withLock { state in
            let expired = state.queue.takeExpired(at: now)
            let refusal = state.queue.admit(unit, at: now)
            let wakes = refusal == nil && state.sleepers > 0
            if wakes { state.sleepers -= 1 }
            return (expired, refusal, wakes)
        }
        if wakes { bell.signal() }
        for unit in expired { unit.call.refuse(.deadlineExceeded) }
        if let refusal { unit.call.refuse(refusal) }
    }

    /// Why there is no room for a call that came now; nil when there is.
    func refuse(promised: Duration, deadline: ContinuousClock.Instant) -> HashLaneError? {
        let now = now()
        return state.withLock { $0.queue.refuse(promised: promised, deadline: deadline, at: now) }
    }

    /// Takes a call out because its task was cancelled; no effect once a thread has it.
    func cancel(_ ticket: HashTicket) {
        state.withLock { $0.queue.cancel(ticket) }?.call.refuse(.cancelled)
    }

    /// The life of a thread; ends when the desk is closed.
    func serve(with worker: HashWorker) {
        while let answer = computeNext(with: worker) { answer() }
    }

    /// Has one call computed; the password is let go of before the caller is answered.
    private func computeNext(with worker: HashWorker) -> (@Sendable () -> Void)? {
        guard let unit = next() else { return nil }
        let start = now()
        let answer = worker.compute(unit.call)
        let measured = now() - start
        // Before the caller goes on, so that it finds the thread free.
        state.withLock { $0.queue.finish(unit, after: measured) }
        return answer
    }

    /// Refuses everything that waits and everything that comes; the threads end when they have finished what they run.
    func close() {
        let (waiting, sleepers) = state.withLock { state in
            defer { state.sleepers = 0 }
            return (state.queue.stop(), state.sleepers)
        }
        for _ in 0..<sleepers { bell.signal() }
        for unit in waiting { unit.call.refuse(.stopped) }
    }

    /// Waits for the next call; nil when the desk is closed.
    private func next() -> HashUnit? {
        while true {
            let now = now()
            let (expired, unit, isStopped) = state.withLock { state in
                let expired = state.queue.takeExpired(at: now)
                let unit = state.queue.next()
                if unit == nil, !state.queue.isStopped { state.sleepers += 1 }
                return (expired, unit, state.queue.isStopped)
            }
            for unit in expired { unit.call.refuse(.deadlineExceeded) }
            if let unit { return unit }
            if isStopped { return nil }
            bell.wait()
        }
    }
}
