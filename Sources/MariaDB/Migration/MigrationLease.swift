internal import Glibc

/// The right to change the schema: a row with an expiry, renewed by a thread of its own while it is held.
///
/// A row taken by a conditional UPDATE is certified by Galera at its commit, so only one node's process can win; `GET_LOCK` and row
/// locks are local to one node, and DDL would end the transaction that holds them. A holder that dies is waited for half a minute.
struct MigrationLease: ~Copyable {
    private static let seconds = 30
    private let holder: String
    private let connection: Connection
    private let renewal: Renewal
    private let thread: PlatformThread

    /// Waits up to `patience` for whoever migrates now.
    init(_ configuration: DatabaseConfiguration, patience: Duration) throws(DatabaseError) {
        let connection = try Connection.openAny(configuration)
        let holder = String(UInt64.random(in: .min ... .max), radix: 16) + "-\(getpid())"
        let deadline = Deadline.after(patience)
        while try !Self.take(connection, holder) {
            guard !deadline.hasPassed else {
                throw DatabaseError(.lockTimeout, "another process migrates the database")
            }
            usleep(50_000)
        }
        let renewal = Renewal()
        let thread = try PlatformThread { renewal.run(configuration, holder) }
        self.holder = holder
        self.connection = connection
        self.renewal = renewal
        self.thread = thread
    }

    /// Fails when the lease was lost, because renewing did not work for too long.
    func check() throws(DatabaseError) {
        guard try Self.take(connection, holder) else {
            throw DatabaseError(.lockTimeout, "another process took over the migration of the database")
        }
    }

    deinit {
        renewal.stop()
        thread.join()
        _ = try? connection.execute(ReleaseMigrationLease(holder: holder), file: #fileID, line: #line)
    }

    fileprivate static func take(_ connection: Connection, _ holder: String) throws(DatabaseError) -> Bool {
        do {
            let statement = TakeMigrationLease(holder: holder, seconds: seconds)
            return try connection.execute(statement, file: #fileID, line: #line) == 1
        } catch  where error.isRetryable {
            return false
        }
    }

    private final class Renewal: Sendable {
        private let monitor = Monitor(false)

        func stop() {
            monitor.withLock { $0 = true }
            monitor.broadcast()
        }

        func run(_ configuration: DatabaseConfiguration, _ holder: String) {
            var connection: Connection?
            while true {
                let next = Deadline.after(.seconds(5))
                if monitor.wait(until: { _ in next }, { $0 ? true : nil }) != nil { return }
                do {
                    let open = try connection ?? Connection.openAny(configuration)
                    connection = open
                    _ = try MigrationLease.take(open, holder)
                } catch {
                    connection = nil
                }
            }
        }
    }
}
