/// The catalogue of settings, from which `gatehouse config reference` and the README table are made.
enum Options {
    // MARK: Where things are

    static let dataDirectory = ConfigurationOption.text(
        "data-directory",
        default: "gatehouse-data",
        expects: "a directory",
        "Where the private database, the keys, the certificate and the development mailbox live."
    )
    static let keyRingFile = ConfigurationOption.text(
        "key-ring-file",
        expects: "a file",
        "The key ring; made on first start. Default: `keys` in the data directory. Every node of one database needs the same."
    )
    static let logLevel = ConfigurationOption<LogLevel>.choice(
        "log.level",
        default: .info,
        "The least severe log lines written."
    )
    static let logFormat = ConfigurationOption<LogFormat>.choice(
        "log.format",
        default: .text,
        "How log lines are written to standard error."
    )

    // MARK: Database

    static let databaseHosts = ConfigurationOption.list(
        "database.hosts",
        expects: "host or host:port, with commas between",
        "MariaDB servers, tried in order for fail-over. None: a private MariaDB is started in the data directory."
    )
    static let databaseSocket = ConfigurationOption.text(
        "database.socket",
        expects: "a path",
        "Unix socket of a MariaDB server, instead of hosts."
    )
    static let databaseName = ConfigurationOption.text("database.name", default: "gatehouse", "Name of the database.")
    static let databaseUser = ConfigurationOption.text("database.user", default: "gatehouse", "User at the database.")
    static let databasePasswordFile = ConfigurationOption.text(
        "database.password-file",
        expects: "a file",
        "File with the password, readable by its owner only."
    )
    static let databaseCertificateAuthority = ConfigurationOption.text(
        "database.ca-file",
        expects: "a PEM file",
        "Authority that signed the database's certificate. Required unless every host is loopback."
    )
    static let databaseLanes = ConfigurationOption.number(
        "database.lanes",
        default: 8,
        in: 1...128,
        "Connections to the database, each on a thread of its own."
    )
    static let databaseQueue = ConfigurationOption.number(
        "database.queue",
        default: 4096,
        in: 16...1_000_000,
        "Units of work that may wait for a connection before new ones are refused."
    )
    static let databaseMigrate = ConfigurationOption<MigrationChoice>.choice(
        "database.migrate",
        default: .auto,
        "Whether `serve` brings the schema up to date: `auto` does so for the private database only."
    )
    static let databaseBufferPool = ConfigurationOption.number(
        "database.private-buffer-pool-mebibytes",
        default: 128,
        in: 16...1_048_576,
        "InnoDB buffer pool of the private database."
    )

    // MARK: RPC

    static let rpcHost = ConfigurationOption.text(
        "rpc.listen-host",
        default: "127.0.0.1",
        "Address of the RPC listener."
    )
    static let rpcPort = ConfigurationOption.number(
        "rpc.listen-port",
        default: 7443,
        in: 0...65535,
        "Port of the RPC listener; 0 picks one."
    )
    static let rpcSocket = ConfigurationOption.text(
        "rpc.socket",
        expects: "a path or off",
        "Unix socket for local callers, without TLS. Default: `rpc.sock` in the data directory; `off` for none."
    )
    static let rpcTLS = ConfigurationOption.flag(
        "rpc.tls",
        default: true,
        "TLS 1.3 on the RPC listener; may be false on a loopback address only."
    )
    static let rpcCertificate = ConfigurationOption.text(
        "rpc.certificate-file",
        expects: "a PEM file",
        "Certificate chain of the RPC listener. None: a self-signed one is made in the data directory, for development."
    )
    static let rpcPrivateKey = ConfigurationOption.text(
        "rpc.private-key-file",
        expects: "a PEM file",
        "Private key of the certificate."
    )
    static let rpcClientAuthority = ConfigurationOption.text(
        "rpc.client-ca-file",
        expects: "a PEM file",
        "Authority whose client certificates are accepted (mTLS). None: bearer tokens only."
    )
    static let rpcConnections = ConfigurationOption.number(
        "rpc.maximum-connections",
        default: 4096,
        in: 1...1_000_000,
        "RPC connections served at a time."
    )

    // MARK: Site

    static let siteHost = ConfigurationOption.text(
        "site.listen-host",
        default: "127.0.0.1",
        "Address of the site's listener."
    )
    static let sitePort = ConfigurationOption.number(
        "site.listen-port",
        default: 8080,
        in: 0...65535,
        "Port of the site's listener; 0 picks one."
    )
    static let siteURL = ConfigurationOption.text(
        "site.url",
        expects: "https://host[:port], or http:// on localhost",
        "How browsers reach the site. Default: http://localhost with the listener's port."
    )
    static let siteName = ConfigurationOption.text(
        "site.name",
        default: "Gatehouse",
        "Name shown on pages and in messages."
    )
    static let siteCertificate = ConfigurationOption.text(
        "site.certificate-file",
        expects: "a PEM file",
        "Certificate chain, if the site serves TLS itself."
    )
    static let sitePrivateKey = ConfigurationOption.text(
        "site.private-key-file",
        expects: "a PEM file",
        "Private key of the site's certificate."
    )
    static let siteTrustedProxies = ConfigurationOption.list(
        "site.trusted-proxies",
        expects: "IP addresses, with commas between",
        "Proxies whose X-Forwarded-For entry is believed."
    )
    static let siteReturnTargets = ConfigurationOption.list(
        "site.return-targets",
        expects: "URLs, with commas between",
        "Exact addresses outside the site to which a sign-in may lead back."
    )
    static let siteDirectory = ConfigurationOption.text(
        "site.web-directory",
        expects: "a directory",
        "Templates, styles and locales that replace the built-in ones, file by file."
    )

    // MARK: Operations

    static let operationsHost = ConfigurationOption.text(
        "operations.listen-host",
        default: "127.0.0.1",
        "Address of /healthz, /readyz and /metrics."
    )
    static let operationsPort = ConfigurationOption.number(
        "operations.listen-port",
        default: 9090,
        in: 0...65535,
        "Port of /healthz, /readyz and /metrics; 0 picks one."
    )
    static let shutdownGrace = ConfigurationOption.duration(
        "shutdown-grace",
        default: .seconds(20),
        in: .seconds(1)...(.seconds(600)),
        "How long calls in flight may take to end after SIGTERM."
    )
}
