import Cryptography
import Mail
import MariaDB

extension Courier {
    /// Puts a code into a short message.
    func text(_ content: OneTimeCodeMessage, _ message: OutboxMessage, _ claimed: ClaimedMessage) -> TextMessage? {
        guard let number = PhoneNumber(message.recipient) else { return nil }
        let lifetime = claimed.expiresAt - claimed.createdAt
        let code = content.code.validatedUTF8String() ?? ""
        let site = parts.policy.mail
        let values = TextMessageValues(
            TextMessageValues.Purpose(content.purpose),
            siteName: site.siteName,
            code: code,
            minutes: Int(clamping: lifetime.components.seconds / 60)
        )
        let words = MessageEscaping.line(parts.templates.text(values, languages: message.languages))
        return TextMessage(
            id: claimed.id.description,
            to: String(decoding: number.canonical, as: UTF8.self),
            text: words + "\n\n" + OriginBoundCode.line(siteURL: site.siteURL, code: code)
        )
    }

    /// Sends a short message, and says what became of it.
    func send(_ text: TextMessage, attempts: UInt32) async -> Result {
        guard let texts = parts.texts else { return .finished(.failed, error: "nothing sends short messages") }
        do throws(TextMessageError) {
            try await texts.send(text)
            return .finished(.delivered, error: "")
        } catch {
            let words = String(error.description.prefix(200))
            let isOver = error.code == .permanent || attempts >= parts.policy.delivery.maximumAttempts
            return isOver ? .finished(.failed, error: words) : .postponed(wait(after: attempts), error: words)
        }
    }
}
