import Logging
import ServiceLifecycle

extension IdentityCore {
    /// Delivers messages, seals the audit trail, writes last uses, purges and packs texts now and then, until cancelled or told to shut down;
    /// then writes the remaining last uses.
    package func runWorkers() async throws {
        let parts = parts
        let pause: @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await OutboxWorker(parts, pause: pause).run() }
            group.addTask { await AuditSealer(parts, pause: pause).run() }
            group.addTask {
                await Self.repeating(every: .seconds(60), pause: pause) { await Self.flush(parts) }
                // A cancelled task could not wait for the database; a graceful end can.
                await Self.flush(parts)
            }
            group.addTask {
                await Self.repeating(every: .seconds(60), pause: pause) { await Self.purge(parts) }
            }
            group.addTask {
                await Self.repeating(every: .seconds(60), pause: pause) { await Self.follow(parts) }
            }
            group.addTask { await Self.packing(parts, pause: pause) }
        }
    }

    /// Runs `work` again and again with pauses between.
    private static func repeating(
        every interval: Duration,
        pause: @escaping @Sendable (Duration) async throws -> Void,
        _ work: @Sendable () async -> Void
    ) async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                try await cancelWhenGracefulShutdown { try await pause(interval) }
            } catch {
                break
            }
            await work()
        }
    }

    private static func flush(_ parts: CoreParts) async {
        do {
            try await LastUseFlush(parts: parts).run()
        } catch {
            parts.logger.warning("last uses could not be written", metadata: ["error": "\(error)"])
        }
    }

    private static func follow(_ parts: CoreParts) async {
        do {
            try await ProfileUpkeep(parts: parts).run()
        } catch {
            parts.logger.warning("profiles could not follow their schema", metadata: ["error": "\(error)"])
        }
    }

    /// Packs texts again and again.
    ///
    /// While there is much to pack, as after an import, it pauses for no longer than it worked, and so leaves at least a half
    /// of one core to others.
    private static func packing(
        _ parts: CoreParts,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) async {
        let longest = Duration.seconds(20)
        var interval = longest
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let next = interval
            do {
                try await cancelWhenGracefulShutdown { try await pause(next) }
            } catch {
                break
            }
            let began = ContinuousClock.now
            let packed = await pack(parts)
            interval = packed > 0 ? min(max(ContinuousClock.now - began, .seconds(1)), longest) : longest
        }
    }

    private static func pack(_ parts: CoreParts) async -> Int {
        do {
            let packed = try await TextPacker(parts: parts).run()
            if packed > 0 { parts.logger.debug("texts packed", metadata: ["runs": "\(packed)"]) }
            return packed
        } catch {
            parts.logger.warning("texts could not be packed", metadata: ["error": "\(error)"])
            return 0
        }
    }

    private static func purge(_ parts: CoreParts) async {
        do {
            guard let removed = try await Purge(parts: parts).run(), removed > 0 else { return }
            parts.logger.info("expired rows purged", metadata: ["rows": "\(removed)"])
        } catch {
            parts.logger.warning("expired rows could not be purged", metadata: ["error": "\(error)"])
        }
    }
}
