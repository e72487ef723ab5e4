import Cryptography
import Logging
import MariaDB
import ServiceLifecycle

/// Gives committed events their numbers, in the order in which they become visible, and their place in the hash chain.
///
/// Any number of processes may run one: a batch is sealed under the row of the lease, in one transaction, so that what
/// a sealer reads of the trail's end is still its end when it writes. The number is a primary key besides: two that
/// sealed at once on different nodes of a cluster could not both commit.
struct AuditSealer: Sendable {
    static let lease = "audit"
    /// Events of one transaction.
    static let batch = 500
    /// Between a first event and its sealing, so that those that come together share a transaction.
    private static let gathering = Duration.milliseconds(50)
    /// How often is looked for events that a process left behind when it died.
    private static let pollInterval = Duration.seconds(30)
    /// The least time between two anchors in the log.
    private static let anchorInterval = Duration.seconds(60)

    let parts: CoreParts
    let pause: @Sendable (Duration) async throws -> Void

    init(_ parts: CoreParts, pause: @escaping @Sendable (Duration) async throws -> Void) {
        self.parts = parts
        self.pause = pause
    }

    /// Works until the task is cancelled or the service shuts down, and seals once more then.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await poll() }
            var lastAnchor: Timestamp?
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                if let head = await sealAll() { writeAnchor(head, &lastAnchor) }
                // Ended by the poll's last raise, too.
                await parts.auditSignal.wait()
                try? await pause(Self.gathering)
            }
            if let head = await sealAll() {
                lastAnchor = nil
                writeAnchor(head, &lastAnchor)
            }
            group.cancelAll()
        }
    }

    /// Raises the signal now and then, and when the service stops.
    private func poll() async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            try? await cancelWhenGracefulShutdown { try await pause(Self.pollInterval) }
            parts.auditSignal.raise()
        }
    }

    /// Seals all that waits; returns the new end of the trail, nil when there was nothing or the database failed.
    @discardableResult
    func sealAll() async -> AuditHead? {
        var head: AuditHead?
        do {
            guard try await isNeeded() else { return nil }
            while let next = try await sealBatch() {
                head = next.head
                parts.auditWatchers.raise()
                guard next.count == Self.batch else { break }
            }
        } catch {
            parts.logger.warning("audit events could not be sealed", metadata: ["error": "\(error)"])
        }
        return head
    }

    private func isNeeded() async throws(FlowError) -> Bool {
        try await parts.read(step) { try $0.first(ReadWhetherUnsealed()) != nil }
    }

    /// Seals one batch; nil when nothing waits.
    func sealBatch() async throws(FlowError) -> Sealed? {
        let (now, node, keyRing) = (parts.clock.now(), parts.node, parts.keyRing)
        do {
            // Not by `parts`, which would raise the signal that this answers.
            return try await parts.database.transaction(deadline: step.deadline) { transaction in
                try Self.lockLease(node, now, transaction)
                let events = try transaction.all(ListUnsealedEvents(limit: Self.batch))
                guard !events.isEmpty else { return nil }
                let last = try transaction.first(ReadAuditHead())
                // Times of seals never go back, whatever the clocks of two machines say.
                let sealedAt = max(now, last?.sealedAt ?? now)
                let start = last?.head ?? .start
                let seals = Self.seals(of: events, at: sealedAt, after: start, keyRing)
                guard let end = seals.last else { return nil }
                try transaction.execute(InsertAuditSeals(sealedAt: sealedAt, keyID: end.code.keyID, seals: seals))
                try transaction.execute(MarkEventsSealed(first: start.sequence + 1, last: end.head.sequence))
                return Sealed(head: end.head, count: events.count)
            }
        } catch {
            throw FlowError(any: error)
        }
    }

    /// What one transaction sealed.
    struct Sealed: Sendable {
        let head: AuditHead
        let count: Int
    }

    private static func seals(
        of events: [AuditRecord],
        at sealedAt: Timestamp,
        after start: AuditHead,
        _ keyRing: KeyRing
    ) -> [AuditSeal] {
        var head = start
        return events.map { event in
            let sequence = head.sequence + 1
            head = AuditHead(
                sequence: sequence,
                digest: AuditChain.digest(of: event, sequence: sequence, sealedAt: sealedAt, after: head.digest)
            )
            let covered = AuditChain.covered(sequence: sequence, digest: head.digest)
            let code = keyRing.authenticationCode(for: covered, purpose: .auditSeal)
            return AuditSeal(head: head, event: event.id, code: code)
        }
    }

    /// Holds the lease's row until the transaction ends.
    private static func lockLease(_ node: NodeID, _ now: Timestamp, _ transaction: Transaction) throws {
        let read = ReadLease(name: lease)
        if try transaction.first(read) != nil { return }
        try transaction.execute(InsertLease(name: lease, holder: node, expiresAt: now))
        _ = try transaction.first(read)
    }

    private var step: CallContext { .system(requestID: "audit", deadline: .after(.seconds(30))) }

    /// A copy of the trail's end outside of the database (SECURITY LOG-03): who cuts or rewrites the trail does not reach it.
    private func writeAnchor(_ head: AuditHead, _ last: inout Timestamp?) {
        let now = parts.clock.now()
        if let last, now - last < Self.anchorInterval { return }
        last = now
        parts.logger.notice(
            "audit trail sealed",
            metadata: ["audit.sequence": "\(head.sequence)", "audit.digest": "\(Hex.encode(head.digest))"]
        )
    }
}
