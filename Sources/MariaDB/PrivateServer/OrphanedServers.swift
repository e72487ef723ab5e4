internal import Glibc

/// Finds and ends servers that outlived an instance of us that was killed, so that never two work on one directory.
struct OrphanedServers {
    let directory: ServerDirectory

    /// Asks them to stop, which loses nothing, and kills what is still there after `patience`.
    func stop(patience: Duration, progress: (String) -> Void) throws(DatabaseError) {
        var found = processIDs()
        if found.isEmpty { return }
        progress("stopping the database server of an instance that was killed")
        for process in found { kill(process, SIGTERM) }
        let killing = Deadline.after(patience)
        let givingUp = Deadline.after(patience + .seconds(5))
        while !found.isEmpty {
            if killing.hasPassed { for process in found { kill(process, SIGKILL) } }
            if givingUp.hasPassed {
                throw DatabaseError(.configuration, "a database server on \(directory.path) cannot be stopped")
            }
            usleep(5_000)
            found = processIDs()
        }
    }

    /// Processes whose arguments name our data directory; a recycled process id cannot be mistaken for one.
    private func processIDs() -> [pid_t] {
        guard let listing = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(listing) }
        var found: [pid_t] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard let process = pid_t(name), process != getpid(), isOurs(process) else { continue }
            found.append(process)
        }
        return found
    }

    private func isOurs(_ process: pid_t) -> Bool {
        let wanted = Array("--datadir=\(directory.path)/".utf8)
        return commandLine(of: process).split(separator: 0).contains { $0.starts(with: wanted) }
    }

    // A zombie has an empty command line: it is gone as far as files are concerned.
    private func commandLine(of process: pid_t) -> [UInt8] {
        let file = unsafe open("/proc/\(process)/cmdline", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        return unsafe [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = unsafe max(0, read(file, buffer.baseAddress, buffer.count))
        }
    }
}
