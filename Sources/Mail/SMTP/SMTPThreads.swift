internal import CCurl
internal import Glibc

/// Owns the threads that block in libcurl; they end when it goes.
final class SMTPThreads: Sendable {
    let queue: SMTPQueue
    private let count: Int

    // Once in the process, before any handle. Since 7.84 libcurl guards it against other users of the library.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ configuration: SMTPConfiguration) throws(MailError) {
        guard Self.isLibraryReady else { throw MailError(.configuration, reason: "libcurl does not start") }
        let queue = SMTPQueue(limit: configuration.queueLimit)
        var started = 0
        while started < configuration.connections, Self.start({ Self.serve(queue, configuration) }) { started += 1 }
        self.queue = queue
        count = started
        guard started > 0 else { throw MailError(.configuration, reason: "no mail thread could be started") }
    }

    deinit { queue.close(threads: count) }

    /// The whole life of one thread.
    ///
    /// The session, and with it the connection, never leaves it.
    private static func serve(_ queue: SMTPQueue, _ configuration: SMTPConfiguration) {
        let session = SMTPSession(configuration)
        while let (job, completion) = queue.next() {
            completion(session.send(job))
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Body(run))
        let result = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        if result == 0 {
            pthread_detach(thread)
        } else {
            unsafe context.release()
        }
        return result == 0
    }
}
