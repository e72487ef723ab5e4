internal import Synchronization
internal import Wire

/// One call under way: where its task can be reached, because a task group cannot cancel one of its tasks.
///
///     waiting ── run ──> running ── body returned ──> over
///        └── cancel ──> cancelled ── run ──> running, cancelled from its start
final class CallInFlight: Sendable {
    private enum Phase {
        case waiting, cancelled, over
        case running(RunningTask)
    }

    /// A task that has not ended.
    ///
    /// `@unchecked`: `UnsafeCurrentTask.cancel` may be called from any thread as long as the task lives. It is only
    /// called under the lock of `phase` in the phase `running`, and the task itself leaves that phase, under the same
    /// lock, before it ends.
    private struct RunningTask: @unchecked Sendable {
        let task: UnsafeCurrentTask
    }

    let frame: CallFrame
    private let phase = Mutex(Phase.waiting)

    init(_ frame: CallFrame) {
        self.frame = frame
    }

    /// Runs the call in the current task, which `cancel` then reaches.
    func run(_ body: () async -> Void) async {
        withUnsafeCurrentTask { task in
            if let task { begin(RunningTask(task: task)) }
        }
        await body()
        phase.withLock { $0 = .over }
    }

    /// Says that nobody waits for the call any more.
    func cancel() {
        phase.withLock { phase in
            switch phase {
            case .waiting: phase = .cancelled
            case .running(let running): running.task.cancel()
            case .cancelled, .over: break
            }
        }
    }

    private func begin(_ running: RunningTask) {
        phase.withLock { phase in
            if case .cancelled = phase { running.task.cancel() }
            phase = .running(running)
        }
    }
}
