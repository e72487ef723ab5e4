import Cryptography
import Logging
import Mail
import MariaDB
import ServiceLifecycle
import Synchronization
import Testing

@testable import Identity
@testable import Website

/// A site on a loopback port over a domain of its own: a fresh schema, a clock that stands still, a post box, a kept log.
final class SiteWorld: Sendable {
    let core: IdentityCore
    let database: Database
    let clock: SteppedClock
    let post: PostBox
    let phones: PhoneBox
    let log: KeptLog
    let port: Int

    fileprivate init(
        core: IdentityCore,
        database: Database,
        clock: SteppedClock,
        post: PostBox,
        phones: PhoneBox,
        log: KeptLog,
        port: Int
    ) {
        self.core = core
        self.database = database
        self.clock = clock
        self.post = post
        self.phones = phones
        self.log = log
        self.port = port
    }

    /// The latest code that was mailed to an address, as it is shown there.
    func code(to address: String) async throws -> String {
        await OutboxWorker(core.parts) { _ in }.deliverDue()
        let codes = post.messages.filter { $0.to.text == address }.compactMap { mail in
            mail.text.split(separator: "\n").first { $0.hasPrefix("    ") }
        }
        return String(try #require(codes.last).dropFirst(4))
    }

    /// The latest code that was sent to a telephone.
    func smsCode(to number: String) async throws -> String {
        await OutboxWorker(core.parts) { _ in }.deliverDue()
        let texts = phones.messages.filter { $0.to == number }.map(\.text)
        return String(try #require(texts.last?.firstMatch(of: #/\b[0-9]{6}\b/#)).0)
    }

    /// The subjects of all mail to an address.
    func subjects(to address: String) async throws -> [String] {
        await OutboxWorker(core.parts) { _ in }.deliverDue()
        return post.messages.filter { $0.to.text == address }.map(\.subject)
    }
}

/// Runs a test on a site of its own.
func withSite(
    policy change: (inout IdentityPolicy) -> Void = { _ in },
    configuration configure: (inout WebsiteConfiguration) -> Void = { _ in },
    _ body: @Sendable @escaping (SiteWorld) async throws -> Void
) async throws {
    await WorldGate.shared.enter()
    defer { WorldGate.shared.leave() }
    let clock = SteppedClock()
    let (post, phones) = (PostBox(), PhoneBox())
    let log = KeptLog()
    let logger = Logger(label: "test") { _ in log }
    let database = Database(try await SharedServer.makeDatabase(), logger: logger)
    try database.start()
    defer { database.stop() }
    var policy = IdentityPolicy()
    change(&policy)
    let material = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
    let core = IdentityCore(
        database: database,
        keyRing: try KeyRing(keys: [KeyRing.Key(id: 1, state: .active, material: material)]),
        policy: policy,
        mail: post,
        texts: phones,
        random: SystemRandom(),
        clock: clock,
        logger: logger,
        templates: try SiteMessages()
    )
    var configuration = WebsiteConfiguration()
    configuration.listenPort = 0
    configuration.publicURL = "http://localhost:0"
    configure(&configuration)
    let (ports, listening) = AsyncStream<Int>.makeStream()
    let site = try Website(core: core, configuration: configuration, logger: logger) { listening.yield($0) }
    let group = ServiceGroup(configuration: .init(services: [site], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        let world = SiteWorld(
            core: core,
            database: database,
            clock: clock,
            post: post,
            phones: phones,
            log: log,
            port: port
        )
        try await body(world)
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// A clock that moves when told to.
final class SteppedClock: WallClock {
    private let time = Mutex(Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000))

    func now() -> Timestamp { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}

/// Keeps what is sent.
final class PostBox: MailTransport {
    private let kept = Mutex<[MailMessage]>([])

    func send(_ message: MailMessage) async throws(MailError) { kept.withLock { $0.append(message) } }

    var messages: [MailMessage] { kept.withLock { $0 } }
}

/// Keeps what is sent to telephones.
final class PhoneBox: TextMessageTransport {
    private let kept = Mutex<[TextMessage]>([])

    func send(_ message: TextMessage) async throws(TextMessageError) { kept.withLock { $0.append(message) } }

    var messages: [TextMessage] { kept.withLock { $0 } }
}

/// Keeps every line with all its metadata.
final class KeptLog: LogHandler {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func log(event: LogEvent) {
        kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
}
