import MariaDB

/// Writes the last uses that were noted on this node, in batches.
struct LastUseFlush: Sendable {
    let parts: CoreParts

    private static let batch = 200

    /// Writes everything noted so far; what fails stays noted for the next time.
    func run() async throws(FlowError) {
        let noted = parts.lastUses.snapshot()
        var sessions = noted.sessions[...]
        while !sessions.isEmpty {
            let batch = Array(sessions.prefix(Self.batch))
            try await write { transaction in
                for (session, use) in batch { try transaction.execute(UpdateSessionUse(session: session, use: use)) }
            }
            parts.lastUses.forget(sessions: batch, tokens: [])
            sessions = sessions.dropFirst(Self.batch)
        }
        var tokens = noted.tokens[...]
        while !tokens.isEmpty {
            let batch = Array(tokens.prefix(Self.batch))
            try await write { transaction in
                for (token, usedAt) in batch {
                    try transaction.execute(UpdateServiceTokenUse(token: token, usedAt: usedAt))
                }
            }
            parts.lastUses.forget(sessions: [], tokens: batch)
            tokens = tokens.dropFirst(Self.batch)
        }
    }

    private func write(_ body: @escaping @Sendable (Transaction) throws -> Void) async throws(FlowError) {
        try await parts.transaction(.system(requestID: "last-use", deadline: .after(.seconds(30))), body)
    }
}
