extension Lane {
    // One try and at most four more.
    private static let tries = 5

    /// Runs a closure that only reads, each statement for itself.
    func read<R>(_ deadline: Deadline, _ body: (Transaction) throws -> R) -> Result<R, any Error> {
        do throws(DatabaseError) {
            return try withConnection { connection throws(DatabaseError) in
                let reader = Transaction(readingOn: connection, deadline: deadline)
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
        var takesRiders = true
        while true {
            var needsPlainRun = false
            do throws(DatabaseError) {
                return try withConnection { connection throws(DatabaseError) in
                    let transaction = Transaction(on: connection, deadline: deadline, takesRiders: takesRiders)
                    defer { needsPlainRun = transaction.needsPlainRun }
                    return try attempt(transaction, body)
                }
            } catch {
                if needsPlainRun {
                    takesRiders = false
                    continue
                }
                let pause = backOff.next()
                guard error.isRetryable, tries < Self.tries, deadline.remaining > pause else { return .failure(error) }
                tries += 1
                shared.metrics.retried()
                guard shared.queue.pause(index, until: .after(pause)) else { return .failure(error) }
            }
        }
    }

    private func attempt<R>(
        _ transaction: Transaction,
        _ body: (Transaction) throws -> R
    ) throws(DatabaseError) -> Result<R, any Error> {
        let result = Result { try body(transaction) }
        if let fatal = transaction.fatal {
            if !fatal.endsConnection { try transaction.rollBack() }
            throw fatal
        }
        guard case .success = result else {
            try transaction.rollBack()
            return result
        }
        try transaction.commit()
        return result
    }
}
