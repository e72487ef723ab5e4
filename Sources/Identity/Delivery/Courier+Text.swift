import Cryptography
import Mail
import MariaDB

extension Courier {
    /// Puts a code or a notice into a short message; nil for what is none.
    func text(_ message: OutboxMessage, _ claimed: ClaimedMessage) -> TextMessage? {
        guard let number = PhoneNumber(message.recipient) else { return nil }
        let words: String
        switch message.content {
        case .text(let content): words = self.words(content, message, claimed)
        case .textNotice(let notice, let undo): words = self.words(notice, undo, message)
        default: return nil
        }
        return TextMessage(
            id: claimed.id.description,
            to: String(decoding: number.canonical, as: UTF8.self),
            text: words
        )
    }

    private func words(_ content: OneTimeCodeMessage, _ message: OutboxMessage, _ claimed: ClaimedMessage) -> String {
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
        return words + "\n\n" + OriginBoundCode.line(siteURL: site.siteURL, code: code)
    }

    /// The subject that a mail would have, which says what happened and where, and the link to where it is taken back, or
    /// to the site: what is more costs more.
    private func words(_ notice: AccountNotice, _ undo: SecretBytes?, _ message: OutboxMessage) -> String {
        let site = parts.policy.mail
        let values = MessageValues(siteName: site.siteName, siteURL: site.siteURL, content: .notice(notice))
        let subject = parts.templates.render(values, languages: message.languages).subject
        return MessageEscaping.line(subject) + "\n\n" + (undo.map { link(undoing: notice, $0) } ?? site.siteURL)
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

extension OutboxMessage {
    /// Whether it goes to a telephone.
    var isText: Bool {
        switch content {
        case .text, .textNotice: true
        default: false
        }
    }
}
