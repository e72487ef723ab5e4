/// Submits messages over SMTP with libcurl, on a few threads of its own; connections stay open between messages.
package struct SMTPTransport: MailTransport {
    private let threads: SMTPThreads

    /// Starts the threads; connects to nothing yet.
    ///
    /// Throws `.configuration`.
    package init(_ configuration: SMTPConfiguration) throws(MailError) {
        try configuration.validate()
        threads = try SMTPThreads(configuration)
    }

    /// Returns when the server took the message.
    ///
    /// Reply codes 4yz and lost connections throw `.temporary`, 5yz for the message or its recipient `.permanent`,
    /// refused certificates, passwords and connections `.configuration`.
    package func send(_ message: MailMessage) async throws(MailError) {
        let job = SMTPJob(
            sender: message.from.address.transportText,
            recipient: message.to.transportText,
            bytes: try message.rfc5322(),
            requiresSMTPUTF8: message.requiresSMTPUTF8
        )
        let queue = threads.queue
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.add(job) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            job.cancel()
        }
        // Not `threads.queue` above alone: the threads must outlive the wait.
        withExtendedLifetime(threads) {}
        try result.get()
    }
}
