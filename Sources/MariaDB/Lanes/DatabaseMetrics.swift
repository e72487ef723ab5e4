internal import Metrics
internal import Synchronization

/// Counts what the lanes do, for the metrics of the process and for tests.
final class DatabaseMetrics: Sendable {
    private let statementTotal = Atomic<UInt64>(0)
    private let retryTotal = Atomic<UInt64>(0)
    private let statements = Counter(label: "gatehouse_database_statements_total")
    private let retries = Counter(label: "gatehouse_database_retries_total")
    private let connects = Counter(label: "gatehouse_database_connects_total")
    private let losses = Counter(label: "gatehouse_database_connections_lost_total")
    private let waits = Timer(label: "gatehouse_database_queue_wait_seconds")

    var statementCount: UInt64 { statementTotal.load(ordering: .relaxed) }
    var retryCount: UInt64 { retryTotal.load(ordering: .relaxed) }

    func sent(_ count: UInt64) {
        statementTotal.add(count, ordering: .relaxed)
        statements.increment(by: count)
    }

    func retried() {
        retryTotal.add(1, ordering: .relaxed)
        retries.increment()
    }

    func connected() { connects.increment() }

    func lost() { losses.increment() }

    func waited(since start: Deadline) {
        waits.recordNanoseconds(Deadline.now.nanoseconds - start.nanoseconds)
    }
}
