internal import Glibc

/// Keeps a second instance off a directory for as long as this value, or the process, lives.
///
/// The kernel lets go of a `flock` when the process dies, however it dies, so no stale lock can remain.
struct DirectoryLock: ~Copyable {
    /// The file that carries the lock.
    let descriptor: Int32

    init(_ directory: ServerDirectory) throws(DatabaseError) {
        descriptor = unsafe directory.lock.withCString {
            unsafe open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        }
        guard descriptor >= 0 else { throw DatabaseError(.configuration, "\(directory.lock) cannot be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DatabaseError(
                .configuration,
                "another instance is running on the data directory \(directory.path)"
            )
        }
    }

    /// Unlocks before it closes: a process that is being started at this moment, and has not reached its `exec`, holds a
    /// copy of the descriptor, and would keep the lock for as long.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
