internal import Synchronization

/// Where a job stands in the queue, for its caller to take it out again.
///
/// The atomics are read and written under the queue's lock alone, which orders them.
final class Ticket: Sendable {
    /// The batch of coalesced reads the job is part of; nil for a job of its own.
    let batch: ObjectIdentifier?
    private let slot = Atomic<Int>(-1)
    private let cancelled = Atomic<Bool>(false)

    init(batch: ObjectIdentifier? = nil) {
        self.batch = batch
    }

    /// Whether the caller was cancelled, be it before the job was put in.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    func enter(slot newSlot: Int) { slot.store(newSlot, ordering: .relaxed) }

    /// The slot in its list, which is given up; nil when the job does not wait.
    func leave() -> Int? {
        let last = slot.exchange(-1, ordering: .relaxed)
        return last < 0 ? nil : last
    }
}
