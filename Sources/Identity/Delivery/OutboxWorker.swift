import Logging
import MariaDB
import ServiceLifecycle

/// Sends what waits in the outbox, at least once each.
///
/// Any number of processes may run one on the same database: a message is claimed for a while, and left to its worker
/// for that time.
struct OutboxWorker: Sendable {
    /// What happened inside `run`.
    private enum Event: Sendable, Equatable {
        /// A message was dealt with; it comes back after `retry`, unless that was its end.
        case delivered(retry: Duration?)
        case raised
        /// The regular look at the outbox.
        case due
        /// A message that failed here may be due again.
        case retry
        case stopping
    }

    let parts: CoreParts
    let courier: Courier
    /// Waits; a parameter, so that tests need not.
    let pause: @Sendable (Duration) async throws -> Void

    private var policy: DeliveryPolicy { parts.policy.delivery }

    /// The worker of these parts.
    init(_ parts: CoreParts, pause: @escaping @Sendable (Duration) async throws -> Void) {
        self.parts = parts
        self.pause = pause
        courier = Courier(parts)
    }

    /// Works until the task is cancelled or the service shuts down; messages under way are finished first.
    func run() async {
        await withTaskGroup(of: Event.self) { group in
            var inFlight = 0
            var isStopping = false
            waitForSignal(&group)
            group.addTask { .due }
            while let event = await group.next() {
                isStopping = isStopping || event == .stopping || Task.isCancelled
                if case .delivered = event { inFlight -= 1 }
                if isStopping {
                    // Ends the wait for the signal; what is being sent is not cancelled by a graceful stop.
                    parts.outboxSignal.raise()
                    continue
                }
                let claim = await claim(policy.concurrency - inFlight)
                for message in claim.messages {
                    group.addTask { .delivered(retry: await courier.deliver(message)) }
                }
                inFlight += claim.messages.count
                prepareNext(after: event, nextDue: claim.nextDue, &group)
            }
        }
    }

    /// Replaces what woke the loop by the next thing to wait for.
    private func prepareNext(after event: Event, nextDue: Timestamp?, _ group: inout TaskGroup<Event>) {
        switch event {
        case .raised: waitForSignal(&group)
        case .due:
            let untilDue = nextDue.map { max($0 - parts.clock.now(), .milliseconds(20)) }
            wait(min(untilDue ?? policy.pollInterval, policy.pollInterval), then: .due, &group)
        case .delivered(let retry):
            if let retry { wait(retry, then: .retry, &group) }
        case .retry, .stopping: break
        }
    }

    /// Sends all that is due now and returns how many messages that was; for tests and for a last round.
    @discardableResult
    func deliverDue() async -> Int {
        var total = 0
        while true {
            let messages = await claim(policy.concurrency).messages
            guard !messages.isEmpty else { return total }
            await withTaskGroup(of: Void.self) { group in
                for message in messages { group.addTask { _ = await courier.deliver(message) } }
            }
            total += messages.count
        }
    }

    private func waitForSignal(_ group: inout TaskGroup<Event>) {
        let signal = parts.outboxSignal
        group.addTask {
            await signal.wait()
            return .raised
        }
    }

    private func wait(_ duration: Duration, then event: Event, _ group: inout TaskGroup<Event>) {
        group.addTask {
            do {
                try await cancelWhenGracefulShutdown { try await pause(duration) }
                return event
            } catch {
                return .stopping
            }
        }
    }

    /// Claims up to `limit` messages; none when the database cannot be reached, which the next poll finds out about.
    private func claim(_ limit: Int) async -> Claim {
        let now = parts.clock.now()
        let store = OutboxStore(keyRing: parts.keyRing, random: parts.random)
        let until = now + policy.claim
        do {
            return try await parts.database.transaction(deadline: .after(.seconds(10))) { transaction in
                let messages = limit > 0 ? try store.claim(limit, at: now, until: until, transaction) : []
                let next = try transaction.first(NextDue())
                DeliveryMetrics.queueAge(next.map { now - $0.createdAt } ?? .zero)
                return Claim(messages: messages, nextDue: next?.dueAt)
            }
        } catch {
            parts.logger.warning("outbox could not be read", metadata: ["error": "\(error)"])
            return Claim(messages: [], nextDue: nil)
        }
    }

    /// What one look at the outbox gave.
    private struct Claim: Sendable {
        let messages: [ClaimedMessage]
        let nextDue: Timestamp?
    }
}
