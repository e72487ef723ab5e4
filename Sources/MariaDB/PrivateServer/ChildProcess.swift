internal import CMariaDB
internal import Glibc

/// A process of another program that gets SIGTERM when the thread that started it ends.
struct ChildProcess: Sendable {
    let processID: pid_t

    /// Who a child runs as, when we are root.
    struct User: Sendable, Hashable {
        let name: String
        let userID: uid_t
        let groupID: gid_t
    }

    /// Starts `path`; the calling thread must live as long as the child (PR_SET_PDEATHSIG watches threads).
    init(
        path: String,
        arguments: [String],
        environment: [String] = [],
        as user: User?,
        outputFile: String
    ) throws(DatabaseError) {
        let output = unsafe outputFile.withCString { unsafe open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        guard output >= 0 else { throw DatabaseError(.configuration, "\(outputFile) cannot be written") }
        defer { close(output) }
        // The server opens its log by name too.
        if let user { _ = fchown(output, user.userID, user.groupID) }
        let child = unsafe withCStrings([path] + arguments) { argv in
            unsafe withCStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"] + environment) { environment in
                unsafe CMariaDB_spawn(
                    path,
                    argv,
                    environment,
                    output,
                    user == nil ? 0 : 1,
                    user?.userID ?? 0,
                    user?.groupID ?? 0
                )
            }
        }
        guard child > 0 else { throw DatabaseError(.configuration, "\(path) cannot be started (errno \(errno))") }
        processID = child
    }

    /// Blocks until the child has ended, without reaping it, so that its number is not given to another process yet.
    func waitForEnd() {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Takes the status of a child that ended: the exit code, or 128 + the signal.
    func reap() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0 {
            guard errno == EINTR else { return 255 }
        }
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    /// Runs a program to its end; returns its exit status.
    static func run(
        path: String,
        arguments: [String],
        environment: [String] = [],
        as user: User?,
        outputFile: String
    ) throws(DatabaseError) -> Int32 {
        let child = try ChildProcess(
            path: path,
            arguments: arguments,
            environment: environment,
            as: user,
            outputFile: outputFile
        )
        child.waitForEnd()
        return child.reap()
    }
}

/// Lends a NULL-terminated array of C strings.
private func withCStrings<R>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    var pointers = unsafe strings.map { unsafe strdup($0) }
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("the array holds at least a NULL") }
        return unsafe body(start)
    }
}
