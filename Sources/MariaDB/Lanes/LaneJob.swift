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
