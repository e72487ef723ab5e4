/// Where the database is and how to speak to it.
package struct DatabaseConfiguration: Sendable {
    /// Servers to try in turn, or the one behind a Unix socket.
    package var address: Address
    package var user: String
    /// Asked each time a connection opens, so that a password can be replaced while we run; no NUL byte in it.
    package var password: @Sendable () throws -> [UInt8]
    package var database: String
    package var transport: TransportSecurity
    /// Threads, each with one connection; 1 to 128.
    package var lanes: Int = 8
    /// Units of work and point reads that may wait; more are refused with `.overloaded`.
    package var queueLimit: Int = 4096
    package var connectTimeout: Duration = .seconds(5)
    /// How long the server may be silent before the connection is given up.
    package var readTimeout: Duration = .seconds(60)
    package var writeTimeout: Duration = .seconds(30)
    /// What the server stops a statement at; zero for never.
    package var statementTimeout: Duration = .seconds(30)
    /// How long a statement waits for a row lock, in whole seconds, at least one.
    package var lockTimeout: Duration = .seconds(5)
    /// Prepared statements kept for each connection; the least recently used one is closed.
    package var statementCacheSize: Int = 256

    package init(
        address: Address,
        user: String,
        password: @escaping @Sendable () throws -> [UInt8] = { [] },
        database: String,
        transport: TransportSecurity
    ) {
        self.address = address
        self.user = user
        self.password = password
        self.database = database
        self.transport = transport
    }

    /// A way to reach the database.
    package enum Address: Sendable, Hashable {
        case hosts([Host])
        case unixSocket(path: String)
    }

    /// One server's name or address, and its TCP port.
    package struct Host: Sendable, Hashable {
        package var name: String
        package var port: UInt16

        package init(name: String, port: UInt16 = 3306) {
            self.name = name
            self.port = port
        }
    }

    /// How the connection is protected.
    package enum TransportSecurity: Sendable, Hashable {
        /// Nothing; accepted only for a Unix socket or a loopback address.
        case disabled
        /// TLS with the server's chain checked against `caFile` and its name against the host's.
        case verified(caFile: String, clientCertificateFile: String? = nil, clientKeyFile: String? = nil)
    }
}

extension DatabaseConfiguration {
    /// The places to connect to, in order.
    var endpoints: [Endpoint] {
        switch address {
        case .hosts(let hosts): hosts.map(Endpoint.tcp)
        case .unixSocket(let path): [.unix(path)]
        }
    }

    /// Refuses settings that cannot work or would send data in the clear over a network.
    func validate() throws(DatabaseError) {
        guard !endpoints.isEmpty else { throw DatabaseError(.configuration, "no database host is given") }
        guard (1...128).contains(lanes) else { throw DatabaseError(.configuration, "lanes must be 1 to 128") }
        guard queueLimit > 0, statementCacheSize > 0 else {
            throw DatabaseError(.configuration, "the queue and the statement cache need room for one at least")
        }
        for endpoint in endpoints where transport == .disabled && !endpoint.isLocal {
            throw DatabaseError(.configuration, "a database that is not on this machine needs TLS with a CA file")
        }
    }
}
