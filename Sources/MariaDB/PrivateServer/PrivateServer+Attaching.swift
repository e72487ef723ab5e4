internal import Glibc

extension PrivateServer {
    /// How to connect to the server that another process of ours runs in `dataDirectory`; nil when none answers there.
    package static func configuration(runningIn dataDirectory: String) -> DatabaseConfiguration? {
        let socket = dataDirectory + "/mariadbd.sock"
        guard unsafe access(socket, F_OK) == 0 else { return nil }
        let configuration = DatabaseConfiguration(
            address: .unixSocket(path: socket),
            user: "root",
            database: databaseName,
            transport: .disabled
        )
        guard (try? Connection.open(.unix(socket), configuration)) != nil else { return nil }
        return configuration
    }
}
