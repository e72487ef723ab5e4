internal import Glibc

/// The log of a mailbox: whole lines only, also when several processes append.
struct MailboxLog {
    let path: String

    /// Appends a line and runs `commit`; takes the line back when either fails.
    func append(_ line: [UInt8], commit: () -> Bool) throws(MailError) {
        guard let file = FileHandle(path: path, flags: O_WRONLY | O_CREAT | O_APPEND), file.lock() else {
            throw MailboxDirectory.failure
        }
        let length = file.length
        guard file.write(line), commit() else {
            file.truncate(to: length)
            throw MailboxDirectory.failure
        }
    }
}
