internal import Cryptography
internal import NIOCore
internal import Synchronization

/// Keeps one connection open, and opens it again when it is lost, at growing intervals while that fails.
///
///     idle ── first call ──> opening ──> open ── lost ──> opening …
///                               └── failed ──> resting ── pause over, next call ──> opening
final class ConnectionKeeper: Sendable {
    private enum Phase {
        case idle, closed
        case opening(EventLoopFuture<ClientConnection>)
        case open(ClientConnection)
        /// Nobody tries before the moment; calls until then fail as the last try did.
        case resting(until: ContinuousClock.Instant, RPCError)
    }

    private struct State {
        var phase = Phase.idle
        var failures = 0
    }

    private let connector: ClientConnector
    private let state = Mutex(State())

    init(_ connector: ClientConnector) {
        self.connector = connector
    }

    /// The open connection, or a new one; callers that come together wait for one attempt.
    func connection() async throws -> ClientConnection {
        let opening: EventLoopFuture<ClientConnection> = try state.withLock { state in
            switch state.phase {
            case .closed: throw RPCError(.unavailable, "the client was closed")
            case .opening(let future): return future
            case .resting(let moment, let error) where ContinuousClock.now < moment: throw error
            case .idle, .open, .resting:
                let future = connector.connect()
                state.phase = .opening(future)
                future.whenComplete { self.opened($0) }
                return future
            }
        }
        return try await opening.get()
    }

    /// The open connection, when there is one: the fast way of nearly every call.
    var usable: ClientConnection? {
        state.withLock { state in
            guard case .open(let connection) = state.phase, connection.isUsable else { return nil }
            return connection
        }
    }

    /// Ends the connection for good.
    func close() {
        let former = state.withLock { state in
            defer { state.phase = .closed }
            return state.phase
        }
        switch former {
        case .open(let connection): connection.close()
        case .opening(let future): future.whenSuccess { $0.close() }
        case .idle, .resting, .closed: break
        }
    }

    private func opened(_ result: Result<ClientConnection, any Error>) {
        state.withLock { state in
            guard case .opening = state.phase else { return }
            switch result {
            case .success(let connection):
                state.failures = 0
                state.phase = .open(connection)
            case .failure(let error):
                let error = error as? RPCError ?? RPCError(.unavailable, "the server cannot be reached")
                state.phase = .resting(until: .now + Self.pause(after: state.failures), error)
                state.failures += 1
            }
        }
    }

    /// 20 ms at first, doubled up to about a second, each with a random part so that many clients do not come at once.
    private static func pause(after failures: Int) -> Duration {
        let base = Int64(20) << Int64(min(failures, 5))
        return .milliseconds(base + Int64(SystemRandom().uniform(below: UInt32(base))))
    }
}
