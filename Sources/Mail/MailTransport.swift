/// A way to hand over one message; the outbox calls it at least once for each message.
package protocol MailTransport: Sendable {
    /// Returns when the message is accepted by the next hop; throws with what to do otherwise.
    func send(_ message: MailMessage) async throws(MailError)
}
