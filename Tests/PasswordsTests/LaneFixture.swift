import Cryptography
import Dispatch
import Synchronization

@testable import Passwords

/// A clock that moves when it is told to.
final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.Instant.now)

    var now: ContinuousClock.Instant { instant.withLock { $0 } }

    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}

/// A source whose bytes count up from zero, so that records can be told beforehand.
struct CountingRandom: RandomSource {
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }

    func secret(_ count: Int) -> SecretBytes { SecretBytes(copying: bytes(count)) }
}

/// Work that holds its thread until it is let go.
final class Obstacle: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let starts = Atomic<Int>(0)

    var startCount: Int { starts.load(ordering: .acquiring) }

    func pass() {
        starts.add(1, ordering: .releasing)
        gate.wait()
    }

    func letGo() { gate.signal() }
}

enum LaneFixture {
    static let clock = ContinuousClock()
    /// Far enough for any machine.
    static var never: ContinuousClock.Instant { .now + .seconds(3600) }

    /// A lane that hashes within a millisecond, started.
    static func lane(
        threads: Int = 1,
        capacity: Int = 100,
        parameters: Argon2Parameters? = Argon2Parameters(memory: 64, passes: 1, lanes: 1),
        clock: ManualClock? = nil
    ) throws -> HashLane {
        let configuration = HashLaneConfiguration(
            threads: threads,
            capacity: capacity,
            parameters: parameters ?? .standard
        )
        let lane =
            if let clock {
                HashLane(configuration, random: CountingRandom(), now: { clock.now })
            } else {
                HashLane(configuration, random: CountingRandom())
            }
        try lane.start()
        return lane
    }

    /// Waits without blocking until something holds.
    static func wait(until condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }
}

extension HashLane {
    /// Occupies one thread until the obstacle is let go.
    func occupy(_ obstacle: Obstacle, deadline: ContinuousClock.Instant = .now + .seconds(3600)) async throws {
        try await perform(promised: .milliseconds(1), deadline: deadline) { _ throws(HashLaneError) in
            obstacle.pass()
        }
    }
}
