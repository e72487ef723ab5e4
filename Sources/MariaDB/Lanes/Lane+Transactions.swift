extension Lane {
    // One try and at most four more.
    private static let tries = 5

    /// Runs a closure that only reads, each statement for itself.
    func read<R>(_ deadline: Deadline, _ body: (Transaction) throws -> R) -> Result<R, any Error> {
        do throws(DatabaseError) {
            return try withConnection { connection throws(DatabaseError) in
                let reader = Transaction(on: connection, deadline: deadline, isReadOnly: true)
                let result = Result { try body(reader) }
                // What the closure throws for reasons of its own goes to the caller; a broken connection is ours.
                if let fatal = reader.fatal, fatal.endsConnection { throw fatal }
                return result
            }
        } catch {
            return .failure(error)
        }
    }

    /// Runs a closure between START TRANSACTION and COMMIT, whole again where the server asked for it.
    func transact<R>(_ deadline: Deadline, _ body: (Transaction) throws -> R) -> Result<R, any Error> {
        var backOff = BackOff(first: .milliseconds(4), limit: .milliseconds(200))
        var tries = 1
        while true {
            do throws(DatabaseError) {
                return try withConnection { connection throws(DatabaseError) in
                    try attempt(on: connection, deadline, body)
                }
            } catch {
                let pause = backOff.next()
                guard error.isRetryable, tries < Self.tries, deadline.remaining > pause else { return .failure(error) }
                tries += 1
                shared.metrics.retried()
                guard shared.queue.pause(index, until: .after(pause)) else { return .failure(error) }
            }
        }
    }

    private func attempt<R>(
        on connection: Connection,
        _ deadline: Deadline,
        _ body: (Transaction) throws -> R
    ) throws(DatabaseError) -> Result<R, any Error> {
        try connection.execute(text: "START TRANSACTION")
        let transaction = Transaction(on: connection, deadline: deadline, isReadOnly: false)
        let result = Result { try body(transaction) }
        if let fatal = transaction.fatal {
            if !fatal.endsConnection { try connection.execute(text: "ROLLBACK") }
            throw fatal
        }
        guard case .success = result else {
            try connection.execute(text: "ROLLBACK")
            return result
        }
        try commit(connection, deadline)
        return result
    }

    private func commit(_ connection: Connection, _ deadline: Deadline) throws(DatabaseError) {
        guard connection.isInTransaction else {
            throw DatabaseError(.internal, "a statement ended the transaction it was part of")
        }
        guard !deadline.hasPassed else {
            try connection.execute(text: "ROLLBACK")
            throw DatabaseError(.deadlineExceeded, "the deadline passed before COMMIT")
        }
        do {
            try connection.execute(text: "COMMIT")
        } catch  where error.endsConnection {
            throw error.replacing(code: .unavailable(.outcomeUnknown))
        }
    }
}
