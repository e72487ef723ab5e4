internal import MariaDB
internal import Synchronization

/// When sessions and tokens were last used on this node, kept until the next flush so that a use costs no write.
///
/// Bounded: when it is full, further uses are not noted until the next flush, at most a minute later.
final class LastUses: Sendable {
    struct SessionUse: Sendable, Hashable {
        var usedAt: Timestamp
        var idleExpiresAt: Timestamp
    }

    private struct State: Sendable {
        var sessions: [SessionID: SessionUse] = [:]
        var tokens: [ServiceTokenID: Timestamp] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = 200_000) {
        self.capacity = capacity
    }

    /// Notes a use of a session.
    func note(_ session: SessionID, _ use: SessionUse) {
        state.withLock { state in
            guard state.sessions.count < capacity || state.sessions[session] != nil else { return }
            state.sessions[session] = use
        }
    }

    /// The latest use that is not written yet.
    func use(of session: SessionID) -> SessionUse? {
        state.withLock { $0.sessions[session] }
    }

    /// Notes a use of a service token.
    func note(_ token: ServiceTokenID, at now: Timestamp) {
        state.withLock { state in
            guard state.tokens.count < capacity || state.tokens[token] != nil else { return }
            state.tokens[token] = now
        }
    }

    /// Whether the latest unwritten use of a token is younger than `age`.
    func isNoted(_ token: ServiceTokenID, since moment: Timestamp) -> Bool {
        state.withLock { state in state.tokens[token].map { $0 > moment } ?? false }
    }

    /// Everything noted, in the order of ids, so that two nodes never lock rows crosswise.
    func snapshot() -> (sessions: [(SessionID, SessionUse)], tokens: [(ServiceTokenID, Timestamp)]) {
        let state = state.withLock { $0 }
        return (
            state.sessions.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) },
            state.tokens.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
        )
    }

    /// Forgets what was written; uses noted since then stay.
    func forget(sessions: [(SessionID, SessionUse)], tokens: [(ServiceTokenID, Timestamp)]) {
        state.withLock { state in
            for (id, use) in sessions where state.sessions[id] == use { state.sessions[id] = nil }
            for (id, moment) in tokens where state.tokens[id] == moment { state.tokens[id] = nil }
        }
    }
}
