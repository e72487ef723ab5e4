import Synchronization

/// Wakes everyone in this process who waits for sealed events.
final class AuditWatchers: Sendable {
    private struct State {
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
        /// Counts the raises, so that none is missed between a look and a wait.
        var raises: UInt64 = 0
    }

    private let state = Mutex(State())

    /// To be read before the trail is, and handed to `wait`.
    var raises: UInt64 { state.withLock { $0.raises } }

    /// New events were sealed.
    func raise() {
        let waiting = state.withLock { state in
            state.raises &+= 1
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Waits until `raise` was called after `raises` was read, or the task is cancelled.
    func wait(after raises: UInt64) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.raises == raises, !Task.isCancelled else { return false }
                    state.waiting[number] = continuation
                    return true
                }
                if !isWaiting { continuation.resume() } else if Task.isCancelled { wake(number) }
            }
        } onCancel: {
            wake(number)
        }
    }

    private func wake(_ number: UInt64) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
}
