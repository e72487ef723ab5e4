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
        try await run(deadline, isReadOnly: false, body)
    }

    /// Runs `body` on a lane; it may only read, each statement sees what is committed when it starts.
    package func read<R: Sendable>(
        deadline: Deadline = .default,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws -> R {
        try await run(deadline, isReadOnly: true, body)
    }

    /// Reads one row by its key, together with others of the kind that wait at the same moment.
    ///
    /// Never cached: a row written before this is called is seen.
    package func find<P: PointRead>(
        _: P.Type,
        _ key: P.Key,
        deadline: Deadline = .default
    ) async throws(DatabaseError) -> P.Row? {
        let queue = shared.queue
        let kind = ObjectIdentifier(P.self)
        let ticket = Ticket(batch: kind)
        // Lets the other tasks that are ready ask for their rows first: wider statements, half as many of them.
        await Task.yield()
        let result = await answer(ticket) { caller in
            let request = PointRequest<P>(key: key, caller: caller)
            queue.enqueue(
                LaneJob(call: request, ticket: ticket, deadline: deadline),
                in: kind,
                turn: PointTurn<P>()
            )
        }
        return try result.get()
    }

    private func run<R: Sendable>(
        _ deadline: Deadline,
        isReadOnly: Bool,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws -> R {
        let queue = shared.queue
        let ticket = Ticket()
        let result = await answer(ticket) { caller in
            let work = UnitOfWork(deadline: deadline, isReadOnly: isReadOnly, body: body, caller: caller)
            queue.enqueue(LaneJob(call: work, ticket: ticket, deadline: deadline))
        }
        return try result.get()
    }

    /// Waits for the answer to what `enqueue` queues; a cancelled task takes it out of the queue again.
    private func answer<Answer: Sendable>(
        _ ticket: Ticket,
        _ enqueue: (CheckedContinuation<Answer, Never>) -> Void
    ) async -> Answer {
        await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue($0) }
        } onCancel: {
            shared.queue.cancel(ticket)
        }
    }
}
