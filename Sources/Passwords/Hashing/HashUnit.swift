internal import Cryptography
internal import Synchronization

/// One call that waits for a thread.
///
/// Whoever takes it out of the queue (a thread, a cancellation, a sweep, the end) answers it, so it is answered exactly
/// once.
struct HashUnit: Sendable {
    let ticket: HashTicket
    let deadline: ContinuousClock.Instant
    /// What its parameters promise it to take on one core.
    let promised: Duration
    /// Whether it allocates memory of its own beside the thread's block.
    let isOversized: Bool
    let call: any HashCall
}

/// By what a call is found in the queue.
///
/// The flag is read and written under the queue's lock alone, which orders it.
final class HashTicket: Sendable {
    private let cancelled = Atomic<Bool>(false)

    /// Whether the caller was cancelled, be it before the call came to wait.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }
}

/// What a unit does.
protocol HashCall: Sendable {
    /// Computes in the thread's block; what it returns gives the caller the answer.
    func run(_ memory: inout Argon2Memory) -> @Sendable () -> Void
    /// Answers the caller without having computed.
    func refuse(_ error: HashLaneError)
}

/// A computation and the caller that waits for its value.
struct WaitingCall<Value: Sendable>: HashCall {
    typealias Answer = Result<Value, HashLaneError>

    let body: @Sendable (inout Argon2Memory) throws(HashLaneError) -> Value
    let caller: CheckedContinuation<Answer, Never>

    func run(_ memory: inout Argon2Memory) -> @Sendable () -> Void {
        let answer: Answer
        do throws(HashLaneError) {
            answer = .success(try body(&memory))
        } catch {
            answer = .failure(error)
        }
        return { [caller] in caller.resume(returning: answer) }
    }

    func refuse(_ error: HashLaneError) {
        caller.resume(returning: .failure(error))
    }
}
