internal import CLinux
internal import Glibc

/// A thread of our own for work that takes long, or that waits for it.
struct HashThread: Sendable {
    private let handle: pthread_t
    /// What the system calls those that compute; at most 15 bytes.
    static let workerName = "gatehouse-hash"
    /// What it calls those that keep the queue.
    static let deskName = "gatehouse-desk"

    /// Starts `body` on a new thread that takes no signals, so that they reach the threads that expect them; nil when the
    /// system starts no more threads.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes.
    ///   - niceness: How far it stands back behind others; 0: not at all.
    ///   - body: The thread ends with it.
    init?(named name: String, niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) {
        let main = unsafe Unmanaged.passRetained(Main(name: name, niceness: niceness, body: body))
        var handle = pthread_t()
        guard unsafe pthread_create(&handle, nil, runMain, main.toOpaque()) == 0 else {
            unsafe main.release()
            return nil
        }
        self.handle = handle
    }

    /// Waits for the thread to end; once only, and never from the thread itself.
    func join() {
        _ = pthread_join(handle, nil)
    }
}

/// What a thread does, handed over through the one pointer that a thread is given.
private final class Main {
    let name: String
    let niceness: Int32
    let body: @Sendable () -> Void

    init(name: String, niceness: Int32, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.niceness = niceness
        self.body = body
    }
}

private func runMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let main = unsafe Unmanaged<Main>.fromOpaque(argument).takeRetainedValue()
    unsafe CLinux_name_thread(main.name)
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    // On Linux niceness belongs to the thread, against the standard; where it cannot be had, hashing goes on without.
    if main.niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, main.niceness) }
    main.body()
    return nil
}
