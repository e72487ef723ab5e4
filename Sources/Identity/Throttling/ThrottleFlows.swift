package import MariaDB

/// Administrators' look at the limits on a user, and their way to clear them (PRODUCT section 8).
package struct ThrottleFlows: Sendable {
    let parts: CoreParts

    /// The limits of a user that were ever touched; needs `users.read`.
    package func get(_ user: UserID, _ context: CallContext) async throws(FlowError) -> [ThrottleStatus] {
        try context.require(.usersRead)
        let now = parts.clock.now()
        return try await parts.read(context) { transaction in
            guard try transaction.first(UserIsThere(user: user)) != nil else { throw FlowError.notFound }
            return try transaction.all(ListThrottles(user: user)).map { $0.current(at: now) }
                .sorted { ($0.kind.rawValue, $0.label) < ($1.kind.rawValue, $1.label) }
        }
    }

    /// Forgets all failures and budgets used up of a user, and enables disabled authenticators; needs `users.write`.
    ///
    /// Source and total budgets stay. Returns how many limits there were.
    @discardableResult
    package func clear(for user: UserID, _ context: CallContext) async throws(FlowError) -> UInt64 {
        try context.require(.usersWrite)
        let (parts, audit) = (parts, AuditStore(parts: parts))
        return try await parts.transaction(context) { transaction in
            guard try transaction.first(UserIsThere(user: user)) != nil else { throw FlowError.notFound }
            try parts.requireAuthority(over: user, context, transaction)
            let count = try transaction.execute(DeleteThrottles(user: user))
            let event = AuditEvent(.throttleCleared, subjectUser: user, details: ["count": "\(count)"])
            try audit.append(event, context, transaction)
            return count
        }
    }
}

/// One limit of a user.
package struct ThrottleStatus: Sendable, Hashable {
    package let kind: ThrottleKind
    /// The method or purpose: `email_code`.
    package let label: String
    /// Tries in the window.
    package let count: UInt32
    /// Tries in a row without success.
    package let consecutive: UInt32
    /// Blocked until then; nil when it is not.
    package let blockedUntil: Timestamp?
    /// Disabled since then, until it is cleared.
    package let disabledAt: Timestamp?
    package let updatedAt: Timestamp

    /// Without a block that is over.
    func current(at now: Timestamp) -> ThrottleStatus {
        ThrottleStatus(
            kind: kind,
            label: label,
            count: count,
            consecutive: consecutive,
            blockedUntil: blockedUntil.flatMap { $0 > now ? $0 : nil },
            disabledAt: disabledAt,
            updatedAt: updatedAt
        )
    }
}
