internal import CMariaDB
internal import Glibc

/// The directory that belongs to one private server: data, socket, log and lock file.
struct ServerDirectory: Sendable {
    let path: String

    var data: String { path + "/data" }
    var newData: String { path + "/data.new" }
    var temporary: String { path + "/tmp" }
    var socket: String { path + "/mariadbd.sock" }
    var log: String { path + "/mariadbd.log" }
    var lock: String { path + "/lock" }

    /// Makes the directory where it is missing, with access for its owner alone.
    init(creating path: String) throws(DatabaseError) {
        _ = unsafe mkdir(path, 0o700)
        guard let resolved = unsafe realpath(path, nil) else {
            throw DatabaseError(.configuration, "the directory \(path) cannot be made or reached")
        }
        defer { unsafe free(resolved) }
        self.path = unsafe String(cString: resolved)
        // sun_path holds 108 bytes with the NUL.
        guard socket.utf8.count < 108 else {
            throw DatabaseError(.configuration, "the path \(path) is too long for the Unix socket in it")
        }
    }

    /// Gives the directory to the server's user and closes it to all others.
    func prepare(for user: ChildProcess.User?) throws(DatabaseError) {
        if let user { try checkAncestors(reachableBy: user) }
        _ = unsafe mkdir(temporary, 0o700)
        for directory in [path, temporary] {
            let isOurs = user.map { unsafe chown(directory, $0.userID, $0.groupID) == 0 } ?? true
            guard isOurs, unsafe chmod(directory, 0o700) == 0 else {
                throw DatabaseError(.configuration, "the directory \(directory) belongs to another user")
            }
        }
    }

    var hasData: Bool { unsafe access(data, F_OK) == 0 }

    func removeNewData() throws(DatabaseError) {
        guard unsafe access(newData, F_OK) == 0 else { return }
        let arguments = ["-rf", "--", newData]
        guard try ChildProcess.run(path: "/bin/rm", arguments: arguments, as: nil, outputFile: log) == 0 else {
            throw DatabaseError(.configuration, "\(newData), left by an interrupted start, cannot be removed")
        }
    }

    /// Makes a finished new data directory the data directory, in one step, once all of it is on the disk.
    func adoptNewData() throws(DatabaseError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DatabaseError(.configuration, "\(path) cannot be read") }
        defer { close(descriptor) }
        guard CMariaDB_syncfs(descriptor) == 0, unsafe rename(newData, data) == 0, fsync(descriptor) == 0 else {
            throw DatabaseError(.configuration, "\(data) cannot be made (errno \(errno))")
        }
    }

    private func checkAncestors(reachableBy user: ChildProcess.User) throws(DatabaseError) {
        var ancestor = path.utf8[...]
        while let slash = ancestor.lastIndex(of: UInt8(ascii: "/")), slash > ancestor.startIndex {
            ancestor = ancestor[..<slash]
            let name = String(Substring(ancestor))
            var status = stat()
            guard unsafe stat(name, &status) == 0 else { continue }
            let mode: mode_t =
                status.st_uid == user.userID ? 0o100 : status.st_gid == user.groupID ? 0o010 : 0o001
            guard status.st_mode & mode != 0 else {
                throw DatabaseError(
                    .configuration,
                    "the database runs as the user \(user.name), who may not enter \(name); choose another data directory"
                )
            }
        }
    }
}
