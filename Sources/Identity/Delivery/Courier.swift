import Cryptography
import Logging
import Mail
import MariaDB
import OneTimePasswords

/// Delivers one claimed message and writes down what became of it.
struct Courier: Sendable {
    let parts: CoreParts
    private let store: OutboxStore

    init(_ parts: CoreParts) {
        self.parts = parts
        store = OutboxStore(keyRing: parts.keyRing, random: parts.random)
    }

    /// What is to be written down.
    enum Result: Sendable {
        case finished(OutboxState, error: String)
        case postponed(Duration, error: String)

        var retry: Duration? {
            if case .postponed(let wait, _) = self { wait } else { nil }
        }
    }

    /// Delivers, and returns after how long to try again, if at all.
    ///
    /// Never throws: when nothing can be written down, the claim runs out by itself.
    func deliver(_ claimed: ClaimedMessage) async -> Duration? {
        let result = await attempt(claimed)
        let now = parts.clock.now()
        do {
            try await parts.database.transaction(deadline: .after(.seconds(10))) { transaction -> Void in
                switch result {
                case .finished(let state, let error):
                    _ = try transaction.execute(
                        FinishMessage(id: claimed.id, attempts: claimed.attempts, state: state, error: error, now: now)
                    )
                case .postponed(let wait, let error):
                    _ = try transaction.execute(
                        PostponeMessage(id: claimed.id, attempts: claimed.attempts, until: now + wait, error: error)
                    )
                }
            }
            record(result)
        } catch {
            parts.logger.warning("a delivery could not be recorded", metadata: ["error": "\(error)"])
        }
        return result.retry
    }

    private func attempt(_ claimed: ClaimedMessage) async -> Result {
        guard parts.clock.now() < claimed.expiresAt else { return .finished(.expired, error: "") }
        guard MessageKind(rawValue: claimed.kind) != nil else {
            // A newer version wrote it, and has a worker of its own, which knows what it is.
            return .postponed(parts.policy.delivery.longestRetry, error: "of a kind that this version does not know")
        }
        guard let message = store.open(claimed) else {
            return .finished(.failed, error: "the payload cannot be opened")
        }
        if message.isText {
            guard let text = text(message, claimed) else {
                return .finished(.failed, error: "no short message can be written to it")
            }
            guard !message.isDecoy else { return .finished(.dropped, error: "") }
            return await send(text, attempts: claimed.attempts)
        }
        guard let mail = mail(message, claimed) else {
            return .finished(.failed, error: "no mail can be written to it")
        }
        // After it was put into words, so that it costs what a message costs that is sent (SECURITY EN-02).
        guard !message.isDecoy else { return .finished(.dropped, error: "") }
        do {
            try await parts.mail.send(mail)
            return .finished(.delivered, error: "")
        } catch {
            return outcome(of: error, attempts: claimed.attempts)
        }
    }

    private func outcome(of error: MailError, attempts: UInt32) -> Result {
        let text = String(error.description.prefix(200))
        switch error.code {
        case .permanent, .invalidMessage: return .finished(.failed, error: text)
        case .temporary, .configuration:
            guard attempts < parts.policy.delivery.maximumAttempts else { return .finished(.failed, error: text) }
            return .postponed(wait(after: attempts), error: text)
        }
    }

    private func mail(_ message: OutboxMessage, _ claimed: ClaimedMessage) -> MailMessage? {
        let site = parts.policy.mail
        guard let to = MailAddress(message.recipient), let from = MailAddress(site.fromAddress),
            let content = content(of: message, claimed)
        else { return nil }
        let values = MessageValues(
            siteName: site.siteName,
            siteURL: site.siteURL,
            content: content
        )
        let words = parts.templates.render(values, languages: message.languages)
        return MailMessage(
            from: (name: site.fromName, address: from),
            to: to,
            subject: MessageEscaping.line(words.subject),
            text: words.text,
            html: words.html,
            // The same for every attempt, so that a message sent twice is shown once.
            messageID: "<\(claimed.id.description)@\(from.asciiDomain)>",
            date: parts.clock.now().microsecondsSinceEpoch / 1_000_000,
            headers: [(name: "Auto-Submitted", value: "auto-generated")]
        )
    }

    /// What a mail is about; nil for what is none.
    private func content(of message: OutboxMessage, _ claimed: ClaimedMessage) -> MessageValues.Content? {
        let lifetime = claimed.expiresAt - claimed.createdAt
        let minutes = Int(clamping: lifetime.components.seconds / 60)
        func shown(_ code: SecretBytes) -> String {
            parts.policy.code.alphabet.display(code.withBytes { Array($0) }, groupsOf: 4)
        }
        switch message.content {
        case .text, .textNotice: return nil
        case .notice(let notice): return .notice(notice)
        case .undoableNotice(let notice, let secret):
            return .undoableNotice(notice, link: link(undoing: notice, secret))
        case .invitation(let secret):
            let days = Int(clamping: lifetime.components.seconds / 86_400)
            return .invitation(link: link("/invitation", secret), days: days)
        case .addressCode(let code): return .addressCode(shown(code), minutes: minutes)
        case .takenAddressCode(let code): return .takenAddressCode(shown(code), minutes: minutes)
        case .signInCode(let code): return .signInCode(shown(code), minutes: minutes)
        case .confirmationCode(let code): return .confirmationCode(shown(code), minutes: minutes)
        }
    }

    /// Where what a notice tells of is taken back.
    func link(undoing notice: AccountNotice, _ secret: SecretBytes) -> String {
        link(notice.kind == .accountLeft ? "/undelete" : "/undo", secret)
    }

    private func link(_ path: String, _ secret: SecretBytes) -> String {
        parts.policy.mail.siteURL + path + "?token=" + (secret.validatedUTF8String() ?? "")
    }

    func wait(after attempts: UInt32) -> Duration {
        parts.policy.delivery.wait(afterAttempts: attempts, jitter: parts.random.uniform(below: 1024))
    }

    private func record(_ result: Result) {
        switch result {
        case .finished(let state, let error):
            DeliveryMetrics.finished(state)
            guard state == .failed else { return }
            parts.logger.warning("a message was given up", metadata: ["error": "\(error)"])
        case .postponed(_, let error):
            DeliveryMetrics.postponed()
            parts.logger.info("a message is to be sent again", metadata: ["error": "\(error)"])
        }
    }
}
