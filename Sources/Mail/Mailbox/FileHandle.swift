internal import Glibc

/// Owns one descriptor of a file of mode 0600; closed, and with that unlocked, when it goes.
struct FileHandle: ~Copyable {
    private let descriptor: Int32

    init?(path: String, flags: Int32) {
        descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Length in bytes, 0 when unknown.
    var length: Int {
        var information = stat()
        return unsafe fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0
    }

    /// Writes all bytes; false at the first error, such as a full disk.
    func write(_ bytes: [UInt8]) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    func synchronize() -> Bool { fsync(descriptor) == 0 }

    /// Waits until no other process holds the file.
    func lock() -> Bool {
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }

    /// Best effort: there is nothing left to do when it fails too.
    func truncate(to length: Int) { _ = ftruncate(descriptor, length) }
}
