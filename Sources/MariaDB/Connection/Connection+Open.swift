internal import CMariaDB
internal import Glibc

extension Connection {
    // MariaDB 10.11, the oldest server whose behaviour this target was written against.
    private static let oldestServer: UInt = 101_100
    // Set up once, before the first connection of any thread.
    private static let isLibraryReady = mysql_server_init(0, nil, nil) == 0

    /// Opens one connection with every setting made and checked; blocks for at most the connect time-out.
    static func open(_ endpoint: Endpoint, _ configuration: DatabaseConfiguration) throws(DatabaseError) -> Connection {
        guard isLibraryReady, let pointer = unsafe mysql_init(nil) else {
            throw DatabaseError(.internal, "the client library cannot start")
        }
        let handle = unsafe ConnectionHandle(takingOwnershipOf: pointer)
        try unsafe setOptions(pointer, endpoint: endpoint, configuration)
        try unsafe connect(pointer, endpoint: endpoint, configuration)
        try unsafe checkSecurity(pointer, configuration)
        let connection = Connection(
            takingOwnershipOf: handle,
            endpoint: endpoint,
            cacheLimit: configuration.statementCacheSize
        )
        try SessionSettings.apply(to: connection, configuration)
        return connection
    }

    /// Opens a connection to the first server that takes us.
    static func openAny(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> Connection {
        try configuration.validate()
        return try HostRotation(configuration.endpoints).open(configuration)
    }

    private static func connect(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        endpoint: Endpoint,
        _ configuration: DatabaseConfiguration
    ) throws(DatabaseError) {
        var password: [UInt8]
        do {
            password = try configuration.password()
        } catch {
            throw DatabaseError(.configuration, "the database password cannot be read")
        }
        guard !password.contains(0) else { throw DatabaseError(.configuration, "the password holds a NUL byte") }
        password.append(0)
        defer { wipe(&password) }
        let (host, port, socket): (String?, UInt32, String?) =
            switch endpoint {
            case .tcp(let host): (host.name, UInt32(host.port), nil)
            case .unix(let path): (nil, 0, path)
            }
        let connected = unsafe password.withUnsafeBytes { password in
            unsafe mysql_real_connect(
                pointer,
                host,
                configuration.user,
                password.bindMemory(to: CChar.self).baseAddress,
                configuration.database.isEmpty ? nil : configuration.database,
                port,
                socket,
                0  // no multi-statements, no LOCAL INFILE, affected rows are rows changed
            )
        }
        guard unsafe connected != nil else {
            throw unsafe DatabaseError(connection: pointer, file: #fileID, line: #line).whileConnecting
        }
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe explicit_bzero(start, bytes.count)
        }
    }

    /// Asserts what the options asked for (SECURITY F1, F2): with TLS wanted there must be a cipher.
    private static func checkSecurity(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        _ configuration: DatabaseConfiguration
    ) throws(DatabaseError) {
        if configuration.transport != .disabled {
            guard let cipher = unsafe mysql_get_ssl_cipher(pointer), unsafe cipher.pointee != 0 else {
                throw DatabaseError(.tls, "the connection to the database is not encrypted")
            }
        }
        guard unsafe mysql_get_server_version(pointer) >= oldestServer else {
            throw DatabaseError(.configuration, "the database server is older than MariaDB 10.11")
        }
    }
}

extension DatabaseError {
    /// A connection lost in the middle of the handshake ran nothing: it was never there.
    fileprivate var whileConnecting: DatabaseError {
        guard code == .unavailable(.lost) else { return self }
        return replacing(code: .unavailable(.connecting))
    }
}
