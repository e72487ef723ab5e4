import Synchronization

/// Wakes the delivery worker of this process; other processes find messages by polling.
final class OutboxSignal: Sendable {
    private enum State {
        case idle
        /// Raised while nobody waited.
        case raised
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    /// Ends the wait under way, or the next one.
    func raise() {
        replace(with: .raised)?.resume()
    }

    /// Waits until the signal is raised or the task is cancelled; lowers it.
    ///
    /// A second waiter ends the wait of the first.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled, let earlier = enqueue(continuation) else { return continuation.resume() }
                earlier.continuation?.resume()
            }
        } onCancel: {
            raise()
        }
    }

    /// What stood in the way of a new waiter.
    private struct Earlier {
        let continuation: CheckedContinuation<Void, Never>?
    }

    /// Nil when the signal is up already, which lowers it.
    private func enqueue(_ continuation: CheckedContinuation<Void, Never>) -> Earlier? {
        state.withLock { state in
            switch state {
            case .raised:
                state = .idle
                return nil
            case .idle:
                state = .waiting(continuation)
                return Earlier(continuation: nil)
            case .waiting(let earlier):
                state = .waiting(continuation)
                return Earlier(continuation: earlier)
            }
        }
    }

    /// Raises, or hands out who waits.
    private func replace(with raised: State) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            guard case .waiting(let continuation) = state else {
                state = raised
                return nil
            }
            state = .idle
            return continuation
        }
    }
}
