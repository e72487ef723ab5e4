internal import Foundation

/// The directory that holds what this installation keeps on disk, for its owner only.
struct DataDirectory {
    let path: String

    /// Opens the directory, making it when it is missing.
    ///
    /// - Throws: `CommandFailure` when it cannot be made.
    init(path: String) throws {
        self.path = path
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else { throw CommandFailure("\(path) is not a directory.") }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                // Others may pass through: the private database runs as a user of its own below it. Every file is 0600.
                attributes: [.posixPermissions: 0o711]
            )
        } catch {
            throw CommandFailure("The data directory \(path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// A path inside.
    func file(_ name: String) -> String {
        path + "/" + name
    }
}

/// Holds a data directory for one process, so that two servers never share certificates, sockets and a mailbox.
final class DataDirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or fails when another process has it.
    init(_ directory: DataDirectory) throws {
        descriptor = open(directory.file("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("The data directory \(directory.path) is not writable.") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure("Another gatehouse is already running on the data directory \(directory.path).")
        }
    }

    deinit {
        close(descriptor)
    }
}
