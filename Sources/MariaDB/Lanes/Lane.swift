internal import Logging

/// A thread with one connection: takes work from the queue, and finds a server again when the connection breaks.
///
/// Made on its thread, which it never leaves.
final class Lane {
    let index: Int
    let shared: LaneShared
    private var connection: Connection?
    private var backOff = BackOff(first: .milliseconds(20), limit: .seconds(2))
    private var hasConnectedBefore: Bool

    init(index: Int, shared: LaneShared, connection: Connection?) {
        self.index = index
        self.shared = shared
        self.connection = connection
        hasConnectedBefore = connection != nil
    }

    /// The life of the lane; ends when the queue is closed.
    func run() {
        while prepareConnection(), let job = shared.queue.next(for: index) {
            shared.metrics.waited(since: job.enqueuedAt)
            job.call.run(on: self)
        }
        connection = nil
    }

    /// Makes sure of a connection before work is taken, so that a lane without one holds nothing up.
    private func prepareConnection() -> Bool {
        if connection == nil { shared.queue.rest(index) }
        while connection == nil {
            // A lane that never worked waits for work; one that lost its server looks for it at once, for readiness.
            if !hasConnectedBefore, !shared.queue.waitForWork(index) { return false }
            hasConnectedBefore = true
            do {
                try connect()
            } catch {
                shared.logger.warning("no connection to the database", metadata: ["error": "\(error)"])
                if !shared.queue.pause(index, until: .after(backOff.next())) { return false }
            }
        }
        return true
    }

    private func connect() throws(DatabaseError) {
        do {
            connection = try shared.hosts.open(shared.configuration)
        } catch {
            shared.reachability.laneLost(index)
            throw error
        }
        backOff.reset()
        shared.reachability.laneConnected(index)
        shared.metrics.connected()
    }

    /// Runs `body` with the connection, once more with a new one if it broke; for work that may be repeated.
    func withConnection<R>(_ body: (Connection) throws(DatabaseError) -> R) throws(DatabaseError) -> R {
        var isSecondTry = false
        while true {
            if connection == nil { try connect() }
            guard let connection else { throw DatabaseError(.unavailable(.connecting)) }
            let before = connection.statementCount
            defer { shared.metrics.sent(connection.statementCount &- before) }
            do {
                return try body(connection)
            } catch {
                abandonConnection(after: error)
                guard self.connection == nil, error.isUnavailable, !error.outcomeUnknown, !isSecondTry else {
                    throw error
                }
                isSecondTry = true
            }
        }
    }

    /// Gives up a connection that is of no use, and its server where another may do better.
    func abandonConnection(after error: DatabaseError) {
        let isMisplaced =
            error.serverErrorNumber == DatabaseError.galeraNodeNotReady
            || (error.code == .readOnly && error.serverErrorNumber != nil)
        guard let connection, error.endsConnection || (isMisplaced && shared.hosts.count > 1) else { return }
        if isMisplaced { shared.hosts.moveOn(from: connection.endpoint) }
        shared.logger.info("lost a connection to the database", metadata: ["error": "\(error)"])
        self.connection = nil
        shared.reachability.laneLost(index)
        shared.metrics.lost()
    }
}
