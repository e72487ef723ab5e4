import Cryptography
import Foundation
import Testing

@testable import Passwords

extension HashLaneTests {
    /// What a full, late, cancelled or ended lane answers.
    @Suite struct Limits {
        private let password = SecretBytes(utf8: "correct horse")

        @Test func `A full queue refuses at once and computes nothing of it`() async throws {
            let lane = try LaneFixture.lane(threads: 2, capacity: 3)
            let obstacle = Obstacle()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { try await lane.occupy(obstacle) } }
                await LaneFixture.wait { obstacle.startCount == 2 && lane.snapshot.waiting == 3 }
                for _ in 0..<100 {
                    try await expectOverload { try await lane.hash(password, pepper: nil, deadline: LaneFixture.never) }
                }
                try await expectOverload {
                    try await lane.verifyDummy(password, pepper: nil, deadline: LaneFixture.never)
                }
                #expect(lane.snapshot.overloaded == 101)
                for _ in 0..<5 { obstacle.letGo() }
                try await group.waitForAll()
            }
            #expect(obstacle.startCount == 5)
            #expect(lane.snapshot.completed == 5)
        }

        @Test func `A deadline that cannot be met is refused without a try`() async throws {
            let clock = ManualClock()
            let lane = try LaneFixture.lane(clock: clock)
            let obstacle = Obstacle()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await lane.occupy(obstacle, deadline: clock.now + .seconds(60)) } }
                await LaneFixture.wait { obstacle.startCount == 1 && lane.snapshot.waiting == 2 }
                try await expectOverload {
                    try await lane.hash(password, pepper: nil, deadline: clock.now + .milliseconds(2))
                }
                for _ in 0..<3 { obstacle.letGo() }
                try await group.waitForAll()
            }
            #expect(lane.snapshot.completed == 3)
        }

        @Test func `A call whose deadline passes while it waits is not computed`() async throws {
            let clock = ManualClock()
            let lane = try LaneFixture.lane(clock: clock)
            let (obstacle, late) = (Obstacle(), Obstacle())
            // Should it run after all, it holds nothing up.
            late.letGo()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lane.occupy(obstacle, deadline: clock.now + .seconds(60)) }
                await LaneFixture.wait { obstacle.startCount == 1 }
                group.addTask {
                    await #expect(throws: HashLaneError.deadlineExceeded) {
                        try await lane.occupy(late, deadline: clock.now + .seconds(30))
                    }
                }
                await LaneFixture.wait { lane.snapshot.waiting == 1 }
                clock.advance(by: .seconds(30))
                obstacle.letGo()
                try await group.waitForAll()
            }
            #expect(late.startCount == 0)
            #expect(lane.snapshot.completed == 1)
            #expect(lane.snapshot.expired == 1)
        }

        @Test func `A cancelled caller is answered while it waits and frees its place`() async throws {
            let lane = try LaneFixture.lane(capacity: 1)
            let (obstacle, cancelled) = (Obstacle(), Obstacle())
            cancelled.letGo()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lane.occupy(obstacle) }
                await LaneFixture.wait { obstacle.startCount == 1 }
                let caller = Task { try await lane.occupy(cancelled) }
                await LaneFixture.wait { lane.snapshot.waiting == 1 }
                try await expectOverload { try await lane.hash(password, pepper: nil, deadline: LaneFixture.never) }
                caller.cancel()
                await #expect(throws: HashLaneError.cancelled) { try await caller.value }
                #expect(lane.snapshot.waiting == 0)
                group.addTask { _ = try await lane.hash(password, pepper: nil, deadline: LaneFixture.never) }
                await LaneFixture.wait { lane.snapshot.waiting == 1 }
                obstacle.letGo()
                try await group.waitForAll()
            }
            #expect(cancelled.startCount == 0)
            #expect(lane.snapshot.cancelled == 1)
            #expect(lane.snapshot.completed == 2)
        }

        @Test func `The end refuses what waits and finishes what runs`() async throws {
            let lane = try LaneFixture.lane()
            let (running, waiting) = (Obstacle(), Obstacle())
            waiting.letGo()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lane.occupy(running) }
                await LaneFixture.wait { running.startCount == 1 }
                group.addTask {
                    await #expect(throws: HashLaneError.stopped) { try await lane.occupy(waiting) }
                }
                await LaneFixture.wait { lane.snapshot.waiting == 1 }
                let end = Thread { lane.stop() }
                end.start()
                await LaneFixture.wait { lane.snapshot.waiting == 0 }
                await #expect(throws: HashLaneError.stopped) {
                    try await lane.hash(password, pepper: nil, deadline: LaneFixture.never)
                }
                #expect(!end.isFinished)
                running.letGo()
                try await group.waitForAll()
                await LaneFixture.wait { end.isFinished }
            }
            #expect(waiting.startCount == 0)
            #expect(lane.snapshot.completed == 1)
        }

        @Test func `What a call holds is let go when it is answered, computed or not`() async throws {
            final class Token: Sendable {
                func touch() {}
            }
            let lane = try LaneFixture.lane()
            func weakToken(_ deadline: ContinuousClock.Instant) async -> () -> Token? {
                let token = Token()
                _ = try? await lane.perform(promised: .zero, deadline: deadline) { _ throws(HashLaneError) in
                    token.touch()
                }
                return { [weak token] in token }
            }
            let (computed, refused) = (await weakToken(LaneFixture.never), await weakToken(.now - .seconds(1)))
            #expect(computed() == nil)
            #expect(refused() == nil)
            #expect(lane.snapshot.completed == 1)
            #expect(lane.snapshot.expired == 1)
        }

        @Test func `Callers that come, give up and are refused at once leave nothing behind`() async throws {
            let lane = try LaneFixture.lane(threads: 2, capacity: 8)
            let password = password
            let answers = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        let caller = Task {
                            try await lane.verifyDummy(password, pepper: nil, deadline: LaneFixture.never)
                        }
                        if number % 3 == 0 { caller.cancel() }
                        return (try? await caller.value) == nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(answers.count == 400)
            lane.stop()
            let snapshot = lane.snapshot
            #expect(snapshot.completed == answers.count { !$0 })
            #expect(snapshot.completed + snapshot.overloaded + snapshot.cancelled == 400)
            #expect(snapshot.waiting == 0 && snapshot.running == 0)
        }

        @Test func `Nothing is computed before the start, and no lane starts twice`() async throws {
            let lane = HashLane(HashLaneConfiguration(threads: 1))
            await #expect(throws: HashLaneError.stopped) {
                try await lane.verifyDummy(password, pepper: nil, deadline: LaneFixture.never)
            }
            try lane.start()
            #expect(throws: HashLaneError.stopped) { try lane.start() }
        }

        @Test func `A lane that runs as a service ends with its task`() async throws {
            let lane = HashLane(HashLaneConfiguration(threads: 1))
            let service = Task { try await lane.run() }
            await LaneFixture.wait { Self.threads() == 1 }
            service.cancel()
            try await service.value
            await #expect(throws: HashLaneError.stopped) {
                try await lane.verifyDummy(password, pepper: nil, deadline: LaneFixture.never)
            }
        }

        @Test func `Threads stand back behind others and are gone when the lane is, stopped or just dropped`()
            async throws
        {
            do {
                let stopped = try LaneFixture.lane(threads: 3)
                await LaneFixture.wait { Self.threads(niceness: 10) == 3 }
                // Whoever holds the queue's lock, or answers callers, is never put aside for others (PW-11).
                await LaneFixture.wait { Self.threads(HashThread.deskName, niceness: 0) == 3 }
                stopped.stop()
                stopped.stop()
                await LaneFixture.wait { Self.threads() == 0 }
                let dropped = try LaneFixture.lane(threads: 3)
                await LaneFixture.wait { Self.threads(niceness: 10) == 3 }
                _ = try await dropped.hash(password, pepper: nil, deadline: LaneFixture.never)
            }
            await LaneFixture.wait { Self.threads() == 0 }
        }

        /// Threads of lanes there are in this process, of a niceness or all.
        private static func threads(_ wanted: String = HashThread.workerName, niceness: Int? = nil) -> Int {
            let directory = "/proc/self/task"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return names.count { name in
                guard let line = try? String(contentsOfFile: "\(directory)/\(name)/stat", encoding: .utf8),
                    line.contains("(\(wanted))"), let rest = line.split(separator: ")").last
                else { return false }
                // The nineteenth of all fields (proc(5)), the seventeenth after the name.
                let fields = rest.split(separator: " ")
                return niceness.map { fields[16] == "\($0)" } ?? true
            }
        }

        private func expectOverload<Value>(_ body: () async throws -> Value) async throws {
            do {
                _ = try await body()
                Issue.record("nothing was refused")
            } catch HashLaneError.overloaded {}
        }
    }
}
