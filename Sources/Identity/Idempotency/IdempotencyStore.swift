import Cryptography
import FoundationEssentials
import MariaDB

/// Answers of mutating calls, kept sealed in the transaction of their effect (PRODUCT section 1, SECURITY RPC-14).
struct IdempotencyStore: Sendable {
    let parts: CoreParts

    /// Runs `body` once for a key: the first call claims the key, later ones get its answer.
    ///
    /// The claim is an insert, so of parallel calls one waits for the other; what `body` throws gives the claim back.
    func once<R: Codable>(
        _ key: IdempotencyKey,
        of context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction,
        _ body: (Transaction) throws -> R
    ) throws -> R {
        let claim = ClaimIdempotencyKey(
            keyHash: Self.hash(key, context),
            bodyHash: key.bodyHash,
            now: now,
            expiresAt: now + parts.policy.idempotencyLifetime
        )
        if let answer = try self.answer(to: claim, transaction) {
            return try JSONDecoder().decode(R.self, from: Data(answer))
        }
        let result = try body(transaction)
        let answer = [UInt8](try JSONEncoder().encode(result))
        let sealed = try parts.keyRing.seal(answer, for: .idempotency, context: Self.seat(claim.keyHash))
        let user = (result as? any AnswerAboutUser)?.userInAnswer
        try transaction.execute(StoreIdempotencyAnswer(keyHash: claim.keyHash, answer: sealed, user: user))
        return result
    }

    /// The answer that was given before; nil when the key is ours now.
    private func answer(to claim: ClaimIdempotencyKey, _ transaction: Transaction) throws -> [UInt8]? {
        if try transaction.insertIfNew(claim) { return nil }
        guard let row = try transaction.first(ReadIdempotencyKey(keyHash: claim.keyHash)) else {
            throw DatabaseError(.deadlock, "an idempotency key was purged between two statements")
        }
        if row.expiresAt <= claim.now {
            guard try transaction.execute(ReclaimIdempotencyKey(claim: claim)) == 1 else {
                throw DatabaseError(.deadlock, "an idempotency key was claimed between two statements")
            }
            return nil
        }
        // Every answer has bytes; it was emptied when the user it told of was erased.
        guard !row.answer.isEmpty else { throw FlowError.notFound }
        guard ConstantTime.areEqual(row.bodyHash, claim.bodyHash) else { throw FlowError.idempotencyKeyReused }
        let sealed = try parts.keyRing.open(row.answer, for: .idempotency, context: Self.seat(claim.keyHash))
        return sealed.withBytes { Array($0) }
    }

    /// Covers caller, method and key, each with its length.
    private static func hash(_ key: IdempotencyKey, _ context: CallContext) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [context.callerKey, Array(key.method.utf8), key.key] { bytes += LengthPrefix.of(part) + part }
        return SHA256.digest(of: bytes)
    }

    private static func seat(_ keyHash: [UInt8]) -> AssociatedContext {
        AssociatedContext(table: "idempotency_keys", row: keyHash, column: "answer")
    }
}

/// Four bytes of length, so that parts put together cannot be taken apart in another way.
enum LengthPrefix {
    static func of(_ part: [UInt8]) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: part.count >> (8 * $0)) }
    }
}

extension FlowError {
    static let idempotencyKeyReused = FlowError(
        .alreadyExists,
        reason: .idempotencyKeyReused,
        message: "this idempotency key was used with another request"
    )
}
