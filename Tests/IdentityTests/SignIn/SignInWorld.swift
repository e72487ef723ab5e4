import Cryptography
import Logging
import Mail
import MariaDB
import Synchronization

@testable import Identity

/// A domain of its own for one test: a fresh schema, a clock that stands still, and a post box.
final class SignInWorld: Sendable {
    let configuration: DatabaseConfiguration
    let core: IdentityCore
    let database: Database
    let clock: SteppedClock
    let post: PostBox
    let phones = PhoneBox()
    let worker: OutboxWorker
    /// How often the comparison of a code was reached.
    let comparisons: Tally
    /// The engine with the counting comparison.
    let signIn: SignInFlows

    convenience init(lanes: Int = 4, _ change: (inout IdentityPolicy) -> Void = { _ in }) async throws {
        let configuration = try await SharedServer.makeDatabase(lanes: lanes)
        try self.init(configuration, clock: SteppedClock(), post: PostBox(), change)
    }

    /// Another process on the database of a world: it shares nothing else but the time.
    init(
        _ configuration: DatabaseConfiguration,
        clock: SteppedClock,
        post: PostBox,
        keyByte: UInt8 = 7,
        _ change: (inout IdentityPolicy) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        var policy = IdentityPolicy()
        // One at a time, so that what was written later arrives later.
        policy.delivery.concurrency = 1
        change(&policy)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        database = Database(configuration, logger: logger)
        try database.start()
        self.clock = clock
        self.post = post
        let material = SecretBytes(copying: [UInt8](repeating: keyByte, count: 32))
        let key = KeyRing.Key(id: 1, state: .active, material: material)
        core = IdentityCore(
            database: database,
            keyRing: try KeyRing(keys: [key]),
            policy: policy,
            mail: post,
            texts: phones,
            random: SystemRandom(),
            clock: clock,
            logger: logger
        )
        worker = OutboxWorker(core.parts) { _ in try await Task.sleep(for: .seconds(3600)) }
        let tally = Tally()
        comparisons = tally
        let keyed = CodeVerifier.keyed(by: core.parts.keyRing)
        let counting = CodeVerifier(
            authenticationCode: keyed.authenticationCode,
            isValid: { stored, bytes in
                tally.add()
                return keyed.isValid(stored, bytes)
            }
        )
        signIn = SignInFlows(parts: core.parts, verifier: counting)
    }

    deinit {
        database.stop()
    }
}

/// Counts from many threads.
final class Tally: Sendable {
    private let value = Mutex(0)

    func add() { value.withLock { $0 += 1 } }

    var count: Int { value.withLock { $0 } }
}

/// A clock that moves when told to.
final class SteppedClock: WallClock {
    private let time = Mutex(Timestamp(microsecondsSinceEpoch: 1_800_000_000_000_000))

    func now() -> Timestamp { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}

/// Keeps what is sent to telephones, or fails as told.
final class PhoneBox: TextMessageTransport {
    private let state = Mutex<(messages: [TextMessage], failure: TextMessageError?)>(([], nil))

    func send(_ message: TextMessage) async throws(TextMessageError) {
        let failure = state.withLock { state in
            if state.failure == nil { state.messages.append(message) }
            return state.failure
        }
        if let failure { throw failure }
    }

    /// What `send` fails with from now on; nil: it succeeds.
    func fail(with failure: TextMessageError?) { state.withLock { $0.failure = failure } }

    var messages: [TextMessage] { state.withLock { $0.messages } }
}

/// Keeps what is sent, or fails as told.
final class PostBox: MailTransport {
    private struct State {
        var messages: [MailMessage] = []
        var failure: MailError?
        var attempts = 0
    }

    private let state = Mutex(State())

    func send(_ message: MailMessage) async throws(MailError) {
        let failure = state.withLock { state in
            state.attempts += 1
            if state.failure == nil { state.messages.append(message) }
            return state.failure
        }
        if let failure { throw failure }
    }

    /// What `send` fails with from now on; nil: it succeeds.
    func fail(with failure: MailError?) { state.withLock { $0.failure = failure } }

    var attempts: Int { state.withLock { $0.attempts } }

    var messages: [MailMessage] { state.withLock { $0.messages } }

    func messages(to address: String) -> [MailMessage] { messages.filter { $0.to.text == address } }
}
