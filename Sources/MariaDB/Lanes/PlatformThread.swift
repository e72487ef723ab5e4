internal import CMariaDB
internal import Glibc

/// A thread of our own with a stack of one megabyte, for work that blocks.
struct PlatformThread: Sendable {
    private let handle: pthread_t
    private static let stackSize = 1024 * 1024

    /// Starts `body` on a new thread that takes no signals, so that they reach the threads that expect them.
    init(_ body: sending @escaping () -> Void) throws(DatabaseError) {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
        let box = unsafe Unmanaged.passRetained(Body(run: body))
        var handle = pthread_t()
        let result = unsafe pthread_create(&handle, &attributes, threadMain, box.toOpaque())
        guard result == 0 else {
            unsafe box.release()
            throw DatabaseError(.internal, "a thread cannot be started (errno \(result))")
        }
        self.handle = handle
    }

    /// Waits for the thread to end; once only, and never from the thread itself.
    func join() {
        _ = pthread_join(handle, nil)
    }

    fileprivate final class Body {
        let run: () -> Void

        init(run: sending @escaping () -> Void) {
            self.run = run
        }
    }
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let body = unsafe Unmanaged<PlatformThread.Body>.fromOpaque(argument).takeRetainedValue()
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    body.run()
    return nil
}
