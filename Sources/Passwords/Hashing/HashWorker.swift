internal import Cryptography
internal import Dispatch
internal import Synchronization

/// A thread that computes and does nothing else, for one thread of the desk that keeps its queue and answers its callers.
///
/// It stands back behind all others, so the scheduler may put it aside for long at any moment. Were that in the middle of a
/// lock of the queue, or of handing an answer to the pool of tasks, whoever needs these would wait as long: so it takes no
/// lock that anybody else wants meanwhile, and resumes nobody.
final class HashWorker: Sendable {
    /// What lies between the two threads; each touches it in its turn only, so the lock is never waited for.
    private enum Exchange: Sendable {
        case empty
        case call(any HashCall)
        case answer(@Sendable () -> Void)
    }

    private let exchange: Shared
    private let thread: HashThread

    /// The part that the thread holds, so that it does not hold itself.
    private final class Shared: Sendable {
        let content = Mutex(Exchange.empty)
        let begin = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)

        /// Leaves something there; returns what was there before.
        @discardableResult
        func replace(with next: Exchange) -> Exchange {
            content.withLock { content in
                defer { content = next }
                return content
            }
        }

        /// The life of the thread; ends when it is woken with nothing to compute.
        func compute(with memory: inout Argon2Memory) {
            while let answer = computeNext(with: &memory) {
                replace(with: .answer(answer))
                done.signal()
            }
        }

        /// Computes the next call, and has let go of it when it returns: nothing of it is left when its caller is answered.
        private func computeNext(with memory: inout Argon2Memory) -> (@Sendable () -> Void)? {
            begin.wait()
            guard case .call(let call) = replace(with: .empty) else { return nil }
            return call.run(&memory)
        }
    }

    /// Starts the thread, which takes its memory at once; nil when the system starts no more threads.
    init?(parameters: Argon2Parameters, niceness: Int32) {
        let shared = Shared()
        let thread = HashThread(named: HashThread.workerName, niceness: niceness) {
            var memory = Argon2Memory(for: parameters)
            shared.compute(with: &memory)
        }
        guard let thread else { return nil }
        (exchange, self.thread) = (shared, thread)
    }

    /// Computes one call, and waits for it; returns what gives the caller the answer.
    func compute(_ call: any HashCall) -> @Sendable () -> Void {
        exchange.replace(with: .call(call))
        exchange.begin.signal()
        exchange.done.wait()
        guard case .answer(let answer) = exchange.replace(with: .empty) else {
            // Not reached: the thread says that it is done only after it left an answer.
            return { call.refuse(.stopped) }
        }
        return answer
    }

    /// Ends the thread and zeroes its memory; once only, with nothing under way.
    func end() {
        exchange.begin.signal()
        thread.join()
    }
}
