import MariaDB

/// A due message of the outbox, still sealed.
///
/// `attempts` counts this one once it is claimed.
struct ClaimedMessage: Sendable {
    let id: MessageID
    /// A kind that a newer version may have written.
    let kind: UInt8
    let payload: [UInt8]
    var attempts: UInt32
    let expiresAt: Timestamp
    let createdAt: Timestamp
}
