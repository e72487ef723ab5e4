import Cryptography
import Logging
import MariaDB
import OutboundHTTP
import Testing

@testable import Identity

/// One core on a fresh schema, with a clock that stands still and a log that is kept.
final class CoreWorld: Sendable {
    let core: IdentityCore
    let database: Database
    let clock: SteppedClock
    let log: KeptLog
    let configuration: DatabaseConfiguration

    var parts: CoreParts { core.parts }

    init(
        _ configuration: DatabaseConfiguration,
        clock: SteppedClock = SteppedClock(),
        keyRing: KeyRing? = nil,
        http: any OutboundHTTP = OutboundTransport(),
        _ change: (inout IdentityPolicy) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        self.clock = clock
        let log = KeptLog()
        self.log = log
        var policy = IdentityPolicy()
        change(&policy)
        let logger = Logger(label: "test") { _ in log }
        database = Database(configuration, logger: logger)
        try database.start()
        core = IdentityCore(
            database: database,
            keyRing: try keyRing ?? Self.keyRing(),
            policy: policy,
            mail: PostBox(),
            http: http,
            random: SystemRandom(),
            clock: clock,
            logger: logger
        )
    }

    deinit {
        database.stop()
    }

    static func keyRing(id: UInt32 = 1, byte: UInt8 = 7) throws -> KeyRing {
        let material = SecretBytes(copying: [UInt8](repeating: byte, count: 32))
        return try KeyRing(keys: [KeyRing.Key(id: id, state: .active, material: material)])
    }
}

/// Runs a test on a core of its own.
func withCore<R>(
    lanes: Int = 4,
    _ change: (inout IdentityPolicy) -> Void = { _ in },
    _ body: (CoreWorld) async throws -> R
) async throws -> R {
    let world = try CoreWorld(try await SharedServer.makeDatabase(lanes: lanes), change)
    return try await body(world)
}

/// Expects a flow to refuse with this reason; returns the refusal.
@discardableResult
func expectRefusal<R>(
    _ reason: ReasonID,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> R
) async -> FlowError? {
    do {
        let value = try await body()
        Issue.record("not refused: \(value)", sourceLocation: sourceLocation)
    } catch let refusal as FlowError {
        #expect(
            refusal.reason == reason,
            "\(refusal) \(String(describing: refusal.cause))",
            sourceLocation: sourceLocation
        )
        return refusal
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
