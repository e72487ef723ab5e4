internal import Glibc

/// An open file, closed when its last holder lets go.
final class BlocklistDescriptor: Sendable {
    let path: String
    private let number: Int32

    /// Opens a file to read.
    init(reading path: String) throws(BlocklistError) {
        // Without O_NONBLOCK a pipe in the file's place would hold us until someone wrote to it.
        number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        self.path = path
        guard number >= 0 else { throw BlocklistError(.unreadable, "\(path) cannot be opened: \(Self.reason())") }
    }

    /// Makes a new file that others may read; there must be none of the name.
    init(creating path: String) throws(BlocklistError) {
        number = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        self.path = path
        guard number >= 0 else { throw BlocklistError(.unwritable, "\(path) cannot be made: \(Self.reason())") }
    }

    deinit {
        if number >= 0 { close(number) }
    }

    /// Bytes of the file; nil for what is no file.
    var count: Int? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Reads `count` bytes from a place, fewer at the end of the file.
    func read(_ count: Int, at place: Int) throws(BlocklistError) -> [UInt8] {
        var isUnreadable = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                )
                let status = unsafe pread(number, part.baseAddress, part.count, off_t(place + filled))
                if status > 0 {
                    filled += status
                } else if status == 0 || errno != EINTR {
                    isUnreadable = status < 0
                    return
                }
            }
        }
        guard !isUnreadable else { throw BlocklistError(.unreadable, "\(path) cannot be read: \(Self.reason())") }
        return bytes
    }

    /// Writes all bytes to a place.
    func write(_ bytes: [UInt8], at place: Int) throws(BlocklistError) {
        var written = 0
        while written < bytes.count {
            let status = unsafe bytes[written...].withUnsafeBytes { part in
                unsafe pwrite(number, part.baseAddress, part.count, off_t(place + written))
            }
            if status > 0 {
                written += status
            } else if status == 0 || errno != EINTR {
                throw BlocklistError(.unwritable, "\(path) cannot be written: \(Self.reason())")
            }
        }
    }

    /// Makes what was written last through a power failure.
    func synchronize() throws(BlocklistError) {
        guard fsync(number) == 0 else {
            throw BlocklistError(.unwritable, "\(path) cannot be written: \(Self.reason())")
        }
    }

    /// What the system says of its last failure in this thread.
    static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
