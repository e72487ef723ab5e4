internal import Dispatch
internal import Synchronization

/// The bounded line in front of the mail threads.
final class SMTPQueue: Sendable {
    typealias Completion = @Sendable (Result<Void, MailError>) -> Void

    private struct State: Sendable {
        var waiting: [(job: SMTPJob, completion: Completion)] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    // Counts waiting jobs, and after `close` wakes every thread once.
    private let available = DispatchSemaphore(value: 0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds a job, or completes it at once when the line is full.
    func add(_ job: SMTPJob, completion: @escaping Completion) {
        let isAdded = state.withLock { state in
            guard state.waiting.count < limit, !state.isClosed else { return false }
            state.waiting.append((job, completion))
            return true
        }
        if isAdded {
            available.signal()
        } else {
            completion(.failure(MailError(.temporary, reason: "too many messages are waiting")))
        }
    }

    /// Blocks until there is a job; nil when the line is closed.
    func next() -> (job: SMTPJob, completion: Completion)? {
        available.wait()
        return state.withLock { state in state.waiting.isEmpty ? nil : state.waiting.removeFirst() }
    }

    /// Lets the given number of threads end once nothing waits any more.
    func close(threads: Int) {
        state.withLock { $0.isClosed = true }
        for _ in 0..<threads { available.signal() }
    }
}
