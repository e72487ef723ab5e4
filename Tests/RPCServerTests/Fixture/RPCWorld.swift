import Cryptography
import Glibc
import Logging
import Mail
import MariaDB
import Synchronization

@testable import Identity

/// A real core on a fresh schema.
final class RPCWorld: Sendable {
    let core: IdentityCore
    let database: Database
    let log = KeptLog()

    var logger: Logger { Logger(label: "test") { [log] _ in log } }

    init(lanes: Int) async throws {
        database = Database(try await SharedServer.makeDatabase(lanes: lanes), logger: .quiet)
        try database.start()
        core = try Self.makeCore(database)
    }

    /// A core whose database never answers.
    init(without configuration: DatabaseConfiguration) throws {
        database = Database(configuration, logger: .quiet)
        core = try Self.makeCore(database)
    }

    deinit {
        database.stop()
    }

    private static func makeCore(_ database: Database) throws -> IdentityCore {
        let key = KeyRing.Key(id: 1, state: .active, material: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))
        return IdentityCore(
            database: database,
            keyRing: try KeyRing(keys: [key]),
            policy: IdentityPolicy(),
            mail: NoMail(),
            random: SystemRandom(),
            clock: RealClock(),
            logger: .quiet
        )
    }
}

extension RPCWorld {
    /// The server itself: all rights.
    var system: CallContext { .system(requestID: "test", deadline: .after(.seconds(600))) }

    /// A service account, with a token of it.
    func makeCaller(
        _ scopes: [String],
        certificateNames: [String] = []
    ) async throws -> (account: Identity.ServiceAccount, token: SecretBytes) {
        let account = try await core.serviceAccounts.create(
            name: "caller \(Hex.encode(SystemRandom().bytes(8)))",
            description: "",
            scopes: scopes,
            certificateNames: certificateNames,
            system
        )
        return (account, try await core.serviceAccounts.createToken(account.id, lifetimeDays: 1, system).secret)
    }

    /// A user with an address that nobody proved.
    func makeUser(_ address: String = "\(Hex.encode(SystemRandom().bytes(8)))@example.com") async throws
        -> Identity.User
    {
        let identifier = Identity.NewIdentifier(kind: .email, value: address)
        return try await core.users.create(NewUser(identifiers: [identifier]), system)
    }

    /// A session of a user, with its token.
    func makeSession(of user: UserID) async throws -> (session: Identity.Session, token: SecretBytes) {
        let store = SessionStore(parts: core.parts)
        let (context, now) = (system, core.parts.clock.now())
        return try await core.parts.transaction(context) { transaction in
            try store.create(for: user, level: .aal1, methods: ["otp"], at: now, context, transaction)
        }
    }

    /// Moves the last proof of identity of every session back in time.
    func ageProofs(by age: Duration) async throws {
        try await core.parts.transaction(system) { transaction in
            _ = try transaction.execute(AgeProofs(age: age))
        }
    }

    /// How many users there are.
    func userCount() async throws -> Int {
        try await core.users.list(PageRequest(size: 1000), system).items.count
    }
}

/// Moves the last proof of identity of every session back in time.
private struct AgeProofs: Statement {
    static let sql: SQL = "UPDATE sessions SET authenticated_at = authenticated_at - INTERVAL ? MICROSECOND"
    let age: Duration
    func bind(to parameters: inout Parameters) { parameters.append(age.wholeMicroseconds) }
}

/// The time of this machine.
struct RealClock: WallClock {
    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microsecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// Mail that goes nowhere.
struct NoMail: MailTransport {
    func send(_ message: MailMessage) async throws(MailError) {}
}

/// Keeps every log line with its metadata as one text.
struct KeptLog: LogHandler {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.all.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:]) \(metadata)") }
    }

    var text: String { lines.all.withLock { $0.joined(separator: "\n") } }
}
