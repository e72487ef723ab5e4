internal import Synchronization

/// One message on its way, shared by the task that waits and the thread that sends.
final class SMTPJob: Sendable {
    let sender: String
    let recipient: String
    let bytes: [UInt8]
    let requiresSMTPUTF8: Bool
    private let cancelled = Atomic(false)

    init(sender: String, recipient: String, bytes: [UInt8], requiresSMTPUTF8: Bool) {
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
        self.requiresSMTPUTF8 = requiresSMTPUTF8
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Ends the transfer within about a second; the message may still have been taken.
    func cancel() { cancelled.store(true, ordering: .relaxed) }
}
