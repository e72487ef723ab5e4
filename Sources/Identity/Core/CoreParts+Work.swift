import MariaDB

extension CoreParts {
    /// Runs `body` in one transaction; it may run again, so it has no effect but its SQL.
    ///
    /// When it asks for a fresher or stronger proof, or refuses for want of authority, that is in the audit trail, and all
    /// else is rolled back.
    func transaction<R: Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(FlowError) -> R {
        do {
            return try await commit(context, body)
        } catch {
            try await recordStepUp(error, context)
            try await recordDenial(error, context)
            throw error
        }
    }

    /// Runs `body` in one transaction, whatever it throws.
    func commit<R: Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(FlowError) -> R {
        do {
            let result = try await database.transaction(deadline: context.deadline, body)
            auditSignal.raise()
            return result
        } catch {
            throw FlowError(any: error)
        }
    }

    /// Runs statements that only read; a refusal for want of authority is in the audit trail.
    func read<R: Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(FlowError) -> R {
        do {
            return try await database.read(deadline: context.deadline, body)
        } catch {
            let refusal = FlowError(any: error)
            try await recordDenial(refusal, context)
            throw refusal
        }
    }

    /// Runs statements that only read, all of one moment: that of the first of them.
    func snapshot<R: Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(FlowError) -> R {
        do {
            return try await database.transaction(deadline: context.deadline, body)
        } catch {
            throw FlowError(any: error)
        }
    }

    /// Reads one row by its key, coalesced with others.
    func find<P: PointRead>(_ type: P.Type, _ key: P.Key, _ context: CallContext) async throws(FlowError) -> P.Row? {
        do {
            return try await database.find(type, key, deadline: context.deadline)
        } catch {
            throw FlowError(error)
        }
    }
}
