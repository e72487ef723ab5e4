extension DevelopmentMailbox: TextMessageTransport {
    /// Writes a short message beside the mail, as `.txt`: the number in the first line, then the text.
    package func send(_ message: TextMessage) async throws(TextMessageError) {
        let bytes = Array("To: \(message.to)\n\n\(message.text)\n".utf8)
        do throws(MailError) {
            try await keep(bytes, ending: "txt", to: message.to, subject: "text message")
        } catch {
            throw TextMessageError(.temporary, error.description)
        }
    }
}
