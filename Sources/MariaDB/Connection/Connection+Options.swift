internal import CMariaDB

extension Connection {
    // Only methods that never send the password itself (a server chooses the method, and may be a rogue).
    private static let authenticationMethods = "mysql_native_password,client_ed25519,caching_sha2_password,unix_socket"

    static func setOptions(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        endpoint: Endpoint,
        _ configuration: DatabaseConfiguration
    ) throws(DatabaseError) {
        try unsafe set(pointer, MYSQL_OPT_RECONNECT, my_bool(0))
        try unsafe set(pointer, MYSQL_OPT_LOCAL_INFILE, UInt32(0))
        // Never by the host's name: libmariadb takes "localhost" for a Unix socket otherwise.
        try unsafe set(
            pointer,
            MYSQL_OPT_PROTOCOL,
            endpoint.isTCP ? MYSQL_PROTOCOL_TCP.rawValue : MYSQL_PROTOCOL_SOCKET.rawValue
        )
        try unsafe set(pointer, MYSQL_OPT_CONNECT_TIMEOUT, configuration.connectTimeout.wholeSecondsRoundedUp)
        try unsafe set(pointer, MYSQL_OPT_READ_TIMEOUT, configuration.readTimeout.wholeSecondsRoundedUp)
        try unsafe set(pointer, MYSQL_OPT_WRITE_TIMEOUT, configuration.writeTimeout.wholeSecondsRoundedUp)
        try unsafe set(pointer, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        try unsafe set(pointer, MARIADB_OPT_RESTRICTED_AUTH, authenticationMethods)
        try unsafe setTLS(pointer, configuration.transport)
    }

    /// CA and verification together, always: neither alone checks the server (SECURITY F2).
    private static func setTLS(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        _ transport: DatabaseConfiguration.TransportSecurity
    ) throws(DatabaseError) {
        guard case .verified(let caFile, let certificateFile, let keyFile) = transport else { return }
        try unsafe set(pointer, MYSQL_OPT_SSL_ENFORCE, my_bool(1))
        try unsafe set(pointer, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, my_bool(1))
        try unsafe set(pointer, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3")
        try unsafe set(pointer, MYSQL_OPT_SSL_CA, caFile)
        if let certificateFile { try unsafe set(pointer, MYSQL_OPT_SSL_CERT, certificateFile) }
        if let keyFile { try unsafe set(pointer, MYSQL_OPT_SSL_KEY, keyFile) }
    }

    private static func set(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        _ option: mysql_option,
        _ value: some BitwiseCopyable
    ) throws(DatabaseError) {
        guard unsafe withUnsafeBytes(of: value, { unsafe mysql_options(pointer, option, $0.baseAddress) == 0 }) else {
            throw DatabaseError(.configuration, "the client library refuses option \(option.rawValue)")
        }
    }

    private static func set(
        _ pointer: UnsafeMutablePointer<MYSQL>,
        _ option: mysql_option,
        _ text: String
    ) throws(DatabaseError) {
        guard unsafe text.withCString({ unsafe mysql_options(pointer, option, $0) == 0 }) else {
            throw DatabaseError(.configuration, "the client library refuses option \(option.rawValue)")
        }
    }
}

extension Duration {
    /// What libmariadb's time-outs take: at least one second.
    fileprivate var wholeSecondsRoundedUp: UInt32 {
        UInt32(clamping: max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)))
    }
}
