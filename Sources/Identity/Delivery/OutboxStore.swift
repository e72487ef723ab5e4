import Cryptography
import MariaDB

/// The rows of `outbox`: messages are written in the transaction that causes them, sealed, and emptied with delivery.
struct OutboxStore: Sendable {
    let keyRing: KeyRing
    let random: any RandomSource

    /// Writes a message that is due at once.
    func enqueue(
        _ message: OutboxMessage,
        about userID: UserID?,
        at now: Timestamp,
        expiresAt: Timestamp,
        _ transaction: Transaction
    ) throws {
        let id = MessageID.make(at: now, random: random)
        let sealed = try message.payload().withBytes {
            try keyRing.seal(Array($0), for: .outbox, context: context(of: id))
        }
        let insert = InsertMessage(
            id: id,
            kind: message.kind,
            userID: userID,
            payload: sealed,
            expiresAt: expiresAt,
            now: now
        )
        try transaction.enqueue(insert)
    }

    /// Takes up to `limit` due messages for this worker until `until`.
    func claim(_ limit: Int, at now: Timestamp, until: Timestamp, _ transaction: Transaction) throws -> [ClaimedMessage]
    {
        var claimed: [ClaimedMessage] = []
        for var message in try transaction.all(SelectDueMessages(now: now, limit: limit)) {
            let claim = ClaimMessage(id: message.id, attempts: message.attempts, until: until)
            guard try transaction.execute(claim) == 1 else { continue }
            message.attempts += 1
            claimed.append(message)
        }
        return claimed
    }

    /// Opens a claimed message; nil when it is of an unknown kind, sealed under a destroyed key, or altered.
    func open(_ claimed: ClaimedMessage) -> OutboxMessage? {
        guard let kind = MessageKind(rawValue: claimed.kind),
            let payload = try? keyRing.open(claimed.payload, for: .outbox, context: context(of: claimed.id))
        else { return nil }
        return OutboxMessage(kind: kind, payload: payload)
    }

    private func context(of id: MessageID) -> AssociatedContext {
        AssociatedContext(table: "outbox", row: id.bytes, column: "payload")
    }
}
