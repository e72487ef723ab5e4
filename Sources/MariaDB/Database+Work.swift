extension Database {
    /// Runs `body` on a lane between START TRANSACTION and COMMIT.
    ///
    /// The server's isolation is REPEATABLE READ. On a deadlock, a lock that was not granted or a Galera certification failure the
    /// whole closure runs again, five times at most, so it has no effect but its SQL. What `body` throws rolls back and is
    /// thrown here. A connection lost before COMMIT was sent makes one new try; one lost during COMMIT is
    /// `.unavailable(.outcomeUnknown)` and never tried again.
    @discardableResult
    package func transaction<R: Sendable>(
        deadline: Deadline = .default,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws -> R {
        try await run(UnitOfWork(deadline: deadline, isReadOnly: false, body))
    }

    /// Runs `body` on a lane; it may only read, each statement sees what is committed when it starts.
    package func read<R: Sendable>(
        deadline: Deadline = .default,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws -> R {
        try await run(UnitOfWork(deadline: deadline, isReadOnly: true, body))
    }

    /// Reads one row by its key, together with others of the kind that wait at the same moment.
    ///
    /// Never cached: a row written before this is called is seen.
    package func find<P: PointRead>(
        _: P.Type,
        _ key: P.Key,
        deadline: Deadline = .default
    ) async throws(DatabaseError) -> P.Row? {
        let waiter = PointWaiter<P>(key: key, deadline: deadline)
        let queue = shared.queue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter.continuation = continuation
                queue.enqueue(waiter, kind: ObjectIdentifier(P.self)) { PointQueue<P>(queue: queue) }
            }
        } onCancel: {
            queue.cancel(waiter)
        }
        return try result.get()
    }

    private func run<R>(_ job: UnitOfWork<R>) async throws -> R {
        let queue = shared.queue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.continuation = continuation
                queue.enqueue(job)
            }
        } onCancel: {
            queue.cancel(job)
        }
        return try result.get()
    }
}
