import MariaDB

/// The rows of `sign_in_flows`.
struct SignInFlowStore: Sendable {
    /// Adds a flow that has just begun.
    func insert(
        _ flow: SignInFlow,
        handle: TokenHash,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        try transaction.enqueue(InsertFlow(flow: flow, handle: handle, now: now))
    }

    /// The flow of a handle, held for the rest of the transaction; nil when the handle is unknown, another caller's, or
    /// the flow is over.
    func lockOpen(
        _ handle: TokenHash,
        of caller: ServiceAccountID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInFlow? {
        try transaction.first(LockFlow(handle: handle)).flatMap { $0.isOpen(for: caller, at: now) ? $0 : nil }
    }

    /// The flow of a handle, to look at only.
    func readOpen(
        _ handle: TokenHash,
        of caller: ServiceAccountID,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> SignInFlow? {
        try transaction.first(ReadFlow(handle: handle)).flatMap { $0.isOpen(for: caller, at: now) ? $0 : nil }
    }

    /// Writes how far a flow has come.
    func update(_ flow: SignInFlow, signedIn userID: UserID? = nil, _ transaction: Transaction) throws {
        try transaction.enqueue(UpdateFlow(flow: flow, signedIn: userID))
    }
}

extension SignInFlow {
    fileprivate func isOpen(for caller: ServiceAccountID, at now: Timestamp) -> Bool {
        callerID == caller && phase.isOpen && now < expiresAt
    }
}

extension String {
    /// The first `count` code points, for columns of a given length.
    func prefix(scalars count: Int) -> String {
        String(unicodeScalars.prefix(count))
    }
}
