internal import Synchronization

/// Work that waits for a lane, or a caller that waits for a coalesced read.
///
/// Whoever takes a job out of the queue under the queue's lock (a lane, the keeper, a cancellation) answers it, so it is
/// answered exactly once.
struct LaneJob: Sendable {
    let call: any LaneCall
    let ticket: Ticket
    let deadline: Deadline
    let enqueuedAt = Deadline.now
}

/// What a job does.
protocol LaneCall: AnyObject, Sendable {
    /// Runs on a lane's thread and answers the caller.
    func run(on lane: Lane)
    /// Answers the caller without having run.
    func refuse(_ error: DatabaseError)
}

/// Where a job stands in the queue, for its caller to take it out again.
///
/// The atomics are read and written under the queue's lock alone, which orders them.
final class Ticket: Sendable {
    /// The batch of coalesced reads the job is part of; nil for a job of its own.
    let batch: ObjectIdentifier?
    private let place = Atomic<Int>(-1)
    private let cancelled = Atomic<Bool>(false)

    init(batch: ObjectIdentifier? = nil) {
        self.batch = batch
    }

    /// Whether the caller was cancelled, be it before the job was put in.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    func stand(at newPlace: Int) { place.store(newPlace, ordering: .relaxed) }

    /// The place in its list, which is given up; nil when the job does not wait.
    func leave() -> Int? {
        let last = place.exchange(-1, ordering: .relaxed)
        return last < 0 ? nil : last
    }
}
