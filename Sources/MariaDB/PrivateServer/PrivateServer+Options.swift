extension PrivateServer {
    /// What can be chosen about a private server.
    package struct Options: Sendable {
        package var serverPath = "/usr/sbin/mariadbd"
        package var installerPath = "/usr/bin/mariadb-install-db"
        /// Memory for table pages, in mebibytes.
        package var bufferPoolMebibytes = 64
        /// Redo log, in mebibytes; more makes writing smoother and a restart after a crash longer.
        package var redoLogMebibytes = 48
        package var maximumConnections = 160
        /// Options appended as they are, such as `--max-connections=20`.
        package var extraArguments: [String] = []

        package init() {}
    }
}

extension PrivateServer.Options {
    func arguments(_ directory: ServerDirectory) -> [String] {
        [
            "--no-defaults", "--datadir=\(directory.data)/", "--socket=\(directory.socket)",
            "--pid-file=\(directory.path)/mariadbd.pid", "--log-error=\(directory.log)",
            "--tmpdir=\(directory.temporary)", "--secure-file-priv=\(directory.temporary)",
            // Reachable through the socket alone; no files read or written for clients.
            "--skip-networking", "--skip-name-resolve", "--skip-symbolic-links", "--local-infile=0",
            // Durable: a commit that was answered survives a crash of the machine.
            "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1", "--skip-log-bin",
            "--character-set-server=utf8mb4", "--collation-server=utf8mb4_nopad_bin",
            "--default-time-zone=+00:00", "--sql-mode=\(SessionSettings.sqlModes.joined(separator: ","))",
            // Small: nothing that this program does not use.
            "--performance-schema=OFF", "--query-cache-type=0", "--query-cache-size=0", "--key-buffer-size=1M",
            "--aria-pagecache-buffer-size=8M", "--innodb-log-buffer-size=4M", "--table-open-cache=400",
            "--innodb-buffer-pool-size=\(bufferPoolMebibytes)M", "--max-connections=\(maximumConnections)",
            "--max-allowed-packet=64M",
        ] + commonArguments + extraArguments
    }

    func installerArguments(_ directory: ServerDirectory) -> [String] {
        [
            "--no-defaults", "--datadir=\(directory.newData)/", "--auth-root-authentication-method=normal",
            "--skip-test-db", "--skip-name-resolve", "--force", "--character-set-server=utf8mb4",
            // A thousand small syncs become the one of `adoptNewData`.
            "--innodb-flush-log-at-trx-commit=0", "--debug-no-sync",
        ] + commonArguments
    }

    // The redo log is made by the installer in this size, so that the first start has nothing to resize.
    private var commonArguments: [String] {
        ["--innodb-log-file-size=\(redoLogMebibytes)M"]
    }
}
