import MariaDB

extension CoreParts {
    /// Runs a mutating flow's `body` in one transaction, once for each idempotency key of the context.
    ///
    /// The answer must be `Codable`, for replays; secrets in it are sealed like the rest. What `body` throws rolls back.
    func mutate<R: Codable & Sendable>(
        _ context: CallContext,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(FlowError) -> R {
        guard let key = context.idempotency else { return try await transaction(context, body) }
        let store = IdempotencyStore(parts: self)
        return try await transaction(context) { transaction in
            try store.once(key, of: context, at: self.clock.now(), transaction, body)
        }
    }
}

/// The answer of a call that returns nothing.
struct Done: Codable, Sendable {}

/// An answer that holds a person's data: what is kept of it for replays is forgotten when the person is erased.
///
/// Every answer of a mutating call that holds any must say so.
protocol AnswerAboutUser {
    /// Whom it tells of.
    var userInAnswer: UserID { get }
}

extension User: AnswerAboutUser {
    var userInAnswer: UserID { id }
}
