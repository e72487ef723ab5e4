package import Logging
internal import Synchronization

/// The database: a fixed number of lanes (threads with one connection each) behind a bounded queue with deadlines.
package final class Database: Sendable {
    let shared: LaneShared
    private let threads = Mutex<[PlatformThread]?>(nil)
    private let stopped: AsyncStream<Never>
    private let stopSignal: AsyncStream<Never>.Continuation

    /// Only keeps the settings; nothing is opened before `start` or `run`.
    package init(_ configuration: DatabaseConfiguration, logger: Logger) {
        shared = LaneShared(
            configuration: configuration,
            queue: LaneQueue(lanes: max(1, configuration.lanes), limit: configuration.queueLimit),
            hosts: HostRotation(configuration.endpoints),
            logger: logger
        )
        (stopped, stopSignal) = AsyncStream.makeStream()
    }

    /// Opens a first connection, to know that the settings are right, and starts the lanes; the others connect when needed.
    package func start() throws(DatabaseError) {
        try shared.configuration.validate()
        try threads.withLock { threads throws(DatabaseError) in
            guard threads == nil else { throw DatabaseError(.internal, "the database was started before") }
            let first = try shared.hosts.open(shared.configuration)
            shared.reachability.laneConnected(0)
            threads = try startThreads(first)
        }
    }

    /// Refuses what waits, lets the lanes finish what they run, and closes the connections; blocks until that is done.
    package func stop() {
        shared.queue.close()
        stopSignal.finish()
        for thread in threads.withLock({ threads in
            defer { threads = [] }
            return threads ?? []
        }) { thread.join() }
    }

    /// Starts the lanes unless that was done, and stops them when the task is cancelled or `stop` is called.
    package func run() async throws {
        if threads.withLock({ $0 == nil }) { try start() }
        for await _ in stopped {}
        stop()
    }

    /// Whether at least one lane holds a connection that worked when it was last used.
    package var isReachable: Bool { shared.reachability.isReachable }

    /// Units of work and point reads that wait now.
    package var queueDepth: Int { shared.queue.depth }

    /// Statements sent since the start.
    package var statementCount: UInt64 { shared.metrics.statementCount }

    /// Transactions run again since the start.
    package var retryCount: UInt64 { shared.metrics.retryCount }

    private func startThreads(_ first: sending Connection) throws(DatabaseError) -> [PlatformThread] {
        let reachability = shared.reachability
        let keeper = DeadlineKeeper(queue: shared.queue) { reachability.isReachable }
        var started = [try PlatformThread { keeper.run() }, try startLane(0, first)]
        for index in 1..<max(1, shared.configuration.lanes) { started.append(try startLane(index, nil)) }
        return started
    }

    private func startLane(_ index: Int, _ connection: sending Connection?) throws(DatabaseError) -> PlatformThread {
        try PlatformThread { [shared] in Lane(index: index, shared: shared, connection: connection).run() }
    }
}
