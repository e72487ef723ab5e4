internal import Glibc

/// A directory that only its owner can read, in which a file is there whole or not at all.
struct MailboxDirectory: Sendable {
    private let path: String

    init(path: String) throws(MailError) {
        var information = stat()
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw MailError(.configuration, reason: "the mailbox directory cannot be made")
        }
        guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            throw MailError(.configuration, reason: "the mailbox is not a directory")
        }
        guard information.st_mode & 0o077 == 0 else {
            throw MailError(.configuration, reason: "the mailbox directory is open to others; its mode must be 0700")
        }
        self.path = path
    }

    /// Writes the file and its line in the log, or neither.
    func store(_ bytes: [UInt8], name: String, logLine: [UInt8]) throws(MailError) {
        let temporary = "\(path)/.\(name).part"
        do throws(MailError) {
            try write(bytes, to: temporary)
            try MailboxLog(path: "\(path)/mailbox.log").append(logLine) {
                unsafe rename(temporary, "\(path)/\(name)") == 0
            }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
    }

    private func write(_ bytes: [UInt8], to file: String) throws(MailError) {
        guard let file = FileHandle(path: file, flags: O_WRONLY | O_CREAT | O_EXCL) else { throw Self.failure }
        guard file.write(bytes), file.synchronize() else { throw Self.failure }
    }

    /// A disk that is full now may have room later.
    static let failure = MailError(.temporary, reason: "the mailbox cannot be written")
}
