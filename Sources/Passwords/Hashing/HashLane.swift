package import Cryptography
internal import Synchronization

/// A fixed number of threads that hash passwords, behind a bounded queue with deadlines (SECURITY PW-11).
///
/// Each thread owns one block of memory for the lane's parameters and never lends it to another, so memory and processor
/// time are bounded whatever comes in; what cannot be computed in time is refused before it costs anything.
package final class HashLane: Sendable {
    package let configuration: HashLaneConfiguration
    let desk: HashDesk
    let random: any RandomSource
    /// Verified in place of a user's record where there is none.
    let nobodysRecord: PasswordRecord

    private let threads = Mutex<[HashThread]>([])
    private let stopped: AsyncStream<Never>
    private let stopSignal: AsyncStream<Never>.Continuation

    /// Only keeps the settings; no thread is started before `start` or `run`.
    ///
    /// - Parameters:
    ///   - configuration: Threads, costs and bounds.
    ///   - random: Gives the salts.
    ///   - now: The clock that deadlines are on and that costs are measured with.
    package init(
        _ configuration: HashLaneConfiguration,
        random: any RandomSource = SystemRandom(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.configuration = configuration
        self.random = random
        desk = HashDesk(threads: configuration.threads, capacity: configuration.capacity, now: now)
        nobodysRecord = PasswordRecord(fittingNothing: configuration.parameters, random: random)
        (stopped, stopSignal) = AsyncStream.makeStream()
    }

    deinit {
        stop()
    }

    /// Starts the threads; each takes its memory at once.
    ///
    /// - Throws: `.stopped` when the lane was started before or the system has no threads to give.
    package func start() throws(HashLaneError) {
        guard desk.open() else { throw .stopped }
        try startThreads()
    }

    /// Starts the threads unless that was done before, for a lane that takes its memory when it is first of use.
    ///
    /// - Throws: `.stopped` when the system has no threads to give. A lane that was stopped says so to each call.
    package func startIfNeeded() throws(HashLaneError) {
        if desk.open() { try startThreads() }
    }

    private func startThreads() throws(HashLaneError) {
        for _ in 0..<configuration.threads {
            guard let thread = startThread() else {
                stop()
                throw .stopped
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Refuses what waits, lets the threads finish what they run, and zeroes their memory; blocks until that is done.
    package func stop() {
        desk.close()
        stopSignal.finish()
        for thread in threads.withLock({ threads in
            defer { threads = [] }
            return threads
        }) { thread.join() }
    }

    /// Starts the threads, and stops them when the task is cancelled or `stop` is called.
    package func run() async throws(HashLaneError) {
        try start()
        for await _ in stopped {}
        stop()
    }

    /// What the lane does now and has done since it was made.
    package var snapshot: HashLaneSnapshot { desk.snapshot(promised: nobodysRecord.promisedDuration) }

    /// Two threads, in truth: one that computes and stands back, and one that has it compute and does not.
    private func startThread() -> HashThread? {
        guard let worker = HashWorker(parameters: configuration.parameters, niceness: configuration.niceness) else {
            return nil
        }
        let thread = HashThread(named: HashThread.deskName) { [desk] in
            desk.serve(with: worker)
            worker.end()
        }
        if thread == nil { worker.end() }
        return thread
    }
}

extension PasswordRecord {
    /// What verifying the record is promised to take on one core.
    var promisedDuration: Duration { .microseconds(estimatedMicroseconds) }
}
