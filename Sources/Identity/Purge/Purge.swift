import Logging
import MariaDB

/// Removes what is over, in small batches, by one process at a time (PRODUCT section 11).
struct Purge: Sendable {
    let parts: CoreParts

    static let lease = "purge"

    /// One round under the lease; returns how many rows went, nil when another process holds the lease.
    func run() async throws(FlowError) -> Int? {
        let context = CallContext.system(requestID: "purge", deadline: .after(.seconds(60)))
        guard try await isMine(context) else { return nil }
        let now = parts.clock.now()
        let over = now - parts.policy.retention
        var removed = try await UserFlows(parts: parts).eraseExpired(context)
        removed += try await purge(PurgeIdleSessions.self, before: over)
        removed += try await purge(PurgeEndedSessions.self, before: over)
        removed += try await purge(PurgeDevices.self, before: over)
        removed += try await purge(PurgePendingTOTPDevices.self, before: now)
        removed += try await purge(PurgePasskeyChallenges.self, before: now)
        removed += try await purge(PurgeCodes.self, before: over)
        removed += try await purge(PurgeFlows.self, before: over)
        removed += try await purge(PurgeExternalFlows.self, before: now)
        removed += try await purge(PurgeExternalLogouts.self, before: now)
        removed += try await purge(PurgeClaims.self, before: over)
        removed += try await purge(PurgeUndos.self, before: over)
        removed += try await purge(PurgeInvitations.self, before: over)
        removed += try await purge(PurgeTickets.self, before: over)
        removed += try await purge(PurgeServiceTokens.self, before: over)
        removed += try await purge(PurgeAssignments<AssignmentKinds.RoleOfUser>.self, before: now)
        removed += try await purge(PurgeAssignments<AssignmentKinds.RoleOfGroup>.self, before: now)
        removed += try await purge(PurgeAssignments<AssignmentKinds.RoleOfServiceAccount>.self, before: now)
        removed += try await purge(PurgeAssignments<AssignmentKinds.MemberOfGroup>.self, before: now)
        removed += try await purge(PurgeMessages.self, before: over)
        removed += try await purge(PurgeImportMarks.self, before: now - ImportFlows.memory)
        removed += try await purge(PurgeIdempotencyKeys.self, before: now)
        removed += try await purge(PurgeThrottles.self, before: now - parts.policy.throttleRetention)
        removed += try await purge(PurgeFailures.self, before: now - parts.policy.failureRetention)
        return removed
    }

    /// Batch after batch until one is not full; each is its own short transaction, and the lease is kept meanwhile.
    private func purge<P: PurgeStatement>(_: P.Type, before: Timestamp) async throws(FlowError) -> Int {
        var removed = 0
        while true {
            let context = CallContext.system(requestID: "purge", deadline: .after(.seconds(30)))
            let batch = try await parts.transaction(context) { try $0.execute(P(before: before)) }
            removed += Int(clamping: batch)
            guard batch == 500, try await isMine(context) else { return removed }
        }
    }

    private func isMine(_ context: CallContext) async throws(FlowError) -> Bool {
        let leases = LeaseStore(parts: parts)
        let now = parts.clock.now()
        return try await parts.transaction(context) { transaction in
            try leases.acquire(Self.lease, for: .seconds(120), at: now, transaction)
        }
    }
}
