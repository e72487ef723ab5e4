/// What became of a message; raw values are stored.
///
/// Every state but `waiting` is final and has an empty payload.
package enum OutboxState: UInt8, Sendable, Hashable, CaseIterable {
    /// Due at `next_attempt_at`; while a worker has it, that is when its claim ends.
    case waiting = 1
    case delivered = 2
    /// A decoy, or a user that is gone.
    case dropped = 3
    /// Refused for good, or tried too often.
    case failed = 4
    /// No longer worth sending.
    case expired = 5
}
