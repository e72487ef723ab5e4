internal import Glibc

/// State that threads share, the lock that guards it, and waiting for it to change.
///
/// The lanes are threads that must block, which `Synchronization.Mutex` cannot do for want of a condition variable.
/// `@unchecked Sendable`: `state` is touched only in `withLock` and `wait`, both of which hold `mutex`.
@safe final class Monitor<State>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state: State

    init(_ state: sending State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs a short `body` that never blocks.
    func withLock<R>(_ body: (inout State) -> R) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Asks `body` again after each signal of `condition` until it gives an answer, or `limit` says that time is up.
    ///
    /// `limit` is read under the lock before each wait, so that it may depend on the state.
    func wait<R>(
        on condition: Condition,
        until limit: (State) -> Deadline = { _ in .never },
        _ body: (inout State) -> R?
    ) -> R? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let answer = body(&state) { return answer }
            if unsafe !condition.wait(mutex, until: limit(state)) { return body(&state) }
        }
    }
}

/// Something to wait for with a `Monitor`.
///
/// `@unchecked Sendable`: a `pthread_cond_t` is made to be used by many threads; the pointer never changes.
@safe final class Condition: @unchecked Sendable {
    private let pointer: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe pointer.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(pointer, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(pointer)
        unsafe pointer.deallocate()
    }

    /// Wakes one waiter.
    func signal() { unsafe pthread_cond_signal(pointer) }

    /// Wakes all waiters.
    func broadcast() { unsafe pthread_cond_broadcast(pointer) }

    /// Waits once; false when `deadline` passed.
    fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>, until deadline: Deadline) -> Bool {
        guard deadline != .never else { return unsafe pthread_cond_wait(pointer, mutex) == 0 }
        var time = timespec()
        time.tv_sec = Int(deadline.nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(deadline.nanoseconds % 1_000_000_000)
        return unsafe pthread_cond_timedwait(pointer, mutex, &time) != ETIMEDOUT
    }
}
