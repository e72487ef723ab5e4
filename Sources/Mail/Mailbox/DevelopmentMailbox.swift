internal import Dispatch
internal import Glibc

/// Writes every message into a directory instead of sending it: one `.eml` file each, named by time, and one line in
/// `mailbox.log` (time, recipient, subject, file; separated by tabs).
///
/// For development and tests.
package struct DevelopmentMailbox: MailTransport {
    private let directory: MailboxDirectory
    private let clock: @Sendable () -> Int64
    private let random: @Sendable () -> UInt32
    // Files are written one after another, and not on a thread of the cooperative pool.
    private let queue = DispatchQueue(label: "gatehouse.mailbox")

    /// Makes the directory (mode 0700) when it is missing; throws `.configuration` when it cannot.
    ///
    /// The clock tells microseconds since 1970 UTC.
    package init(
        directory: String,
        clock: @escaping @Sendable () -> Int64 = { SystemTime.microseconds() },
        random: @escaping @Sendable () -> UInt32 = { UInt32.random(in: .min ... .max) }
    ) throws(MailError) {
        self.directory = try MailboxDirectory(path: directory)
        self.clock = clock
        self.random = random
    }

    /// Returns when the message is on disk under its final name; a full disk throws `.temporary` and leaves nothing.
    package func send(_ message: MailMessage) async throws(MailError) {
        try await keep(try message.rfc5322(), ending: "eml", to: message.to.text, subject: message.subject)
    }

    /// Writes a file with its line in the log, after those that were asked for before.
    func keep(
        _ bytes: [UInt8],
        ending: String,
        to recipient: String,
        subject: String
    ) async throws(MailError) {
        let result: Result<Void, MailError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(MailError) in try store(bytes, ending, recipient, subject) }
                )
            }
        }
        try result.get()
    }

    private func store(
        _ bytes: [UInt8],
        _ ending: String,
        _ recipient: String,
        _ subject: String
    ) throws(MailError) {
        let microseconds = clock()
        guard let time = CalendarTime(secondsSinceEpoch: microseconds / 1_000_000) else {
            throw MailError(.configuration, reason: "the clock is out of range")
        }
        let stamp = "\(time.compact).\(padded(String(microseconds % 1_000_000), to: 6))Z"
        let name = "\(stamp)-\(padded(String(random(), radix: 16), to: 8)).\(ending)"
        let line = "\(stamp)\t\(recipient)\t\(HeaderText.visible(subject))\t\(name)\n"
        try directory.store(bytes, name: name, logLine: Array(line.utf8))
    }

    private func padded(_ digits: String, to width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
