internal import Glibc
internal import Logging

/// Runs the server process from a thread that lives as long as it does, and starts it again when it dies uncalled.
final class ServerSupervisor: Sendable {
    private struct State {
        var child: ChildProcess?
        var isStopping = false
        var starts = 0
        var hasEnded = false
    }

    private let monitor = Monitor(State())
    private let start: @Sendable () throws(DatabaseError) -> ChildProcess
    private let logger: Logger

    init(logger: Logger, start: @escaping @Sendable () throws(DatabaseError) -> ChildProcess) throws(DatabaseError) {
        self.logger = logger
        self.start = start
        _ = try PlatformThread { [self] in run() }
    }

    /// The process id of the server, when it runs.
    var processID: pid_t? { monitor.withLock { $0.child?.processID } }

    /// How often the server was started; more than one after it died.
    var starts: Int { monitor.withLock { $0.starts } }

    /// Whether there will be no server any more: it was stopped or cannot be started.
    var hasEnded: Bool { monitor.withLock { $0.hasEnded } }

    /// Asks the server to stop and waits until it has; kills it after `patience`.
    func stop(patience: Duration) {
        monitor.withLock { state in
            state.isStopping = true
            if let child = state.child { kill(child.processID, SIGTERM) }
        }
        monitor.broadcast()
        let deadline = Deadline.after(patience)
        let ended = monitor.wait(until: { _ in deadline }) { $0.hasEnded ? true : nil }
        guard ended == nil else { return }
        monitor.withLock { state in if let child = state.child { kill(child.processID, SIGKILL) } }
        _ = monitor.wait { $0.hasEnded ? true : nil }
    }

    private func run() {
        var backOff = BackOff(first: .milliseconds(50), limit: .seconds(5))
        while let child = startChild() {
            child.waitForEnd()
            // Under the lock, so that nobody signals a number that may already be another process's.
            let (status, isStopping) = monitor.withLock { state in
                state.child = nil
                return (child.reap(), state.isStopping)
            }
            if isStopping { break }
            logger.error("the database server ended; starting it again", metadata: ["status": "\(status)"])
            let pause = Deadline.after(backOff.next())
            _ = monitor.wait(until: { _ in pause }) { $0.isStopping ? true : nil }
        }
        monitor.withLock { $0.hasEnded = true }
        monitor.broadcast()
    }

    private func startChild() -> ChildProcess? {
        monitor.withLock { state in
            if state.isStopping { return nil }
            do {
                state.child = try start()
                state.starts += 1
            } catch {
                logger.error("the database server cannot be started", metadata: ["error": "\(error)"])
            }
            return state.child
        }
    }
}
