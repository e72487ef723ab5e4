internal import Glibc

/// State that threads share, the lock that guards it, and a number of conditions to wait for a change of it.
///
/// The lanes are threads that must block, which `Synchronization.Mutex` cannot do for want of a condition variable.
/// `@unchecked Sendable`: `state` is touched only in `withLock` and `wait`, both of which hold `mutex`, and is Sendable
/// itself, so that nothing taken out of it is shared; `mutex` and `conditions` never change and are made for many threads.
@safe final class Monitor<State: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let conditions: UnsafeMutableBufferPointer<pthread_cond_t>
    private var state: State

    init(_ state: State, conditions count: Int = 1) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe conditions = .allocate(capacity: count)
        unsafe conditions.initialize(repeating: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        defer { unsafe pthread_condattr_destroy(&attributes) }
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        for index in unsafe conditions.indices { unsafe pthread_cond_init(&conditions[index], &attributes) }
    }

    deinit {
        for index in unsafe conditions.indices { unsafe pthread_cond_destroy(&conditions[index]) }
        unsafe conditions.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs a short `body` that never blocks.
    func withLock<R>(_ body: (inout State) -> R) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Asks `body` again after each signal of a condition until it gives an answer, or `limit` says that time is up.
    ///
    /// `limit` is read under the lock before each wait, so that it may depend on the state.
    func wait<R>(
        on condition: Int = 0,
        until limit: (State) -> Deadline = { _ in .never },
        _ body: (inout State) -> R?
    ) -> R? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let answer = body(&state) { return answer }
            if !sleep(on: condition, until: limit(state)) { return body(&state) }
        }
    }

    /// Wakes one waiter.
    func signal(_ condition: Int = 0) { unsafe pthread_cond_signal(&conditions[condition]) }

    /// Wakes everyone who waits, whatever for.
    func broadcast() {
        for index in unsafe conditions.indices { unsafe pthread_cond_broadcast(&conditions[index]) }
    }

    /// Waits once, with the lock held; false when `deadline` passed.
    private func sleep(on condition: Int, until deadline: Deadline) -> Bool {
        guard deadline != .never else { return unsafe pthread_cond_wait(&conditions[condition], mutex) == 0 }
        var time = timespec()
        time.tv_sec = Int(deadline.nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(deadline.nanoseconds % 1_000_000_000)
        return unsafe pthread_cond_timedwait(&conditions[condition], mutex, &time) != ETIMEDOUT
    }
}
