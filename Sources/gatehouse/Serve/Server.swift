internal import Cryptography
internal import Foundation
internal import Identity
internal import Logging
internal import MariaDB
internal import OutboundHTTP
internal import RPCServer
internal import ServiceLifecycle
internal import UnixSignals
internal import WebAuthn
internal import Website

/// Everything one `gatehouse serve` runs, put together and taken apart in order.
struct Server {
    private let settings: Settings
    /// Nil where the port of the site is configured, or nothing is told of it because its address is.
    private let reserved: ReservedPort?

    init(settings: Settings) throws {
        var settings = settings
        let isFree = settings.site.port == 0 && settings.site.url.isEmpty
        reserved = isFree ? try ReservedPort(on: settings.site.host) : nil
        if let reserved { settings.site.port = reserved.number }
        self.settings = settings
    }

    /// Runs until a signal, then drains; the private database stops last.
    func run() async throws {
        ProcessHardening.disableCoreDumps()
        // A peer that goes away is an error of its call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let problems = SettingsFiles(settings).problems()
        guard problems.isEmpty else { throw CommandFailure(ConfigurationError(problems: problems).description) }
        let metadata = try AuthenticatorMetadataFile(settings.passkeys, at: SystemWallClock().now())
        let directory = try DataDirectory(path: settings.dataDirectory)
        let lock = try DataDirectoryLock(directory)
        defer { withExtendedLifetime((lock, reserved)) {} }
        let registry = Observability.start(settings)
        let logger = Logger(label: "gatehouse")
        let access = try DatabaseAccess.open(settings, directory: directory, logger: logger)
        defer { access.close() }
        try access.bringUpToDate(settings.database.migrate, logger: logger)
        if let metadata {
            try await Database.withRunning(access.runtime, logger: logger) { database in
                try await metadata.admit(by: database, at: SystemWallClock().now(), logger: logger)
            }
        }
        var policy = try settings.identityPolicy(siteURL: settings.publicSiteURL)
        policy.passkeys.attestation.metadata = metadata?.blob
        policy.passwords = try settings.passwordRules()
        try await serve(policy, access: access, directory: directory, registry: registry, logger: logger)
    }

    private func serve(
        _ policy: IdentityPolicy,
        access: DatabaseAccess,
        directory: DataDirectory,
        registry: MetricsRegistry,
        logger: Logger
    ) async throws {
        let database = Database(access.runtime, logger: logger)
        let core = IdentityCore(
            database: database,
            keyRing: try KeyRing.load(path: settings.keyRingFile, createIfMissing: true, random: SystemRandom()),
            policy: policy,
            mail: try MailFactory.transport(settings, directory: directory),
            texts: try TextFactory.transport(settings.sms, directory: directory),
            http: OutboundTransport(policy: settings.providers.outboundPolicy),
            random: SystemRandom(),
            clock: SystemWallClock(),
            logger: logger,
            templates: try SiteMessages(
                webDirectory: settings.site.webDirectory.isEmpty ? nil : settings.site.webDirectory
            )
        )
        let banner = Banner(settings: settings, directory: directory)
        let faces = try Faces(settings: settings, directory: directory, core: core, banner: banner, logger: logger)
        let operations = OperationsServer(
            host: settings.operations.host,
            port: settings.operations.port,
            registry: registry,
            logger: logger,
            isReady: { core.isReady },
            onListening: { await banner.operationsListens(on: $0) }
        )
        // Services stop in reverse order: first the faces drain, then the workers, at last the database.
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: DatabaseService(database: database)),
                .init(service: CoreWorkers(core: core)),
                .init(service: operations),
                .init(service: faces.rpc),
                .init(service: faces.site),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = settings.shutdownGrace + .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// The database's lanes as a service.
struct DatabaseService: Service {
    let database: Database

    func run() async throws {
        // Last of all to be told, so nobody needs it any more. Without this it would stop when its time is over.
        try await cancelWhenGracefulShutdown { try await database.run() }
    }
}

/// Outbox, purge and the other background work as a service.
struct CoreWorkers: Service {
    let core: IdentityCore

    func run() async throws {
        try await core.runWorkers()
    }
}

/// The time of day of this machine.
struct SystemWallClock: WallClock {
    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microsecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
