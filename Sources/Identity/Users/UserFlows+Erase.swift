import MariaDB

extension UserFlows {
    /// Deletes a user: after the undo window, or at once, when nil is returned.
    package func delete(
        _ id: UserID,
        immediately: Bool,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User? {
        guard immediately else { return try await delete(id, expectedRevision: expectedRevision, context) }
        try context.require(.usersWrite)
        let parts = parts
        _ = try await parts.mutate(context) { transaction in
            // Before the user is locked, as every change of membership takes it.
            try transaction.execute(TakeMembershipGuard())
            guard let row = try transaction.first(LockUser(id: id)) else { throw FlowError.notFound }
            try parts.requireAuthority(over: id, context, transaction)
            if let expectedRevision, expectedRevision != row.user.revision {
                throw FlowError.revisionConflict(current: row.user.revision)
            }
            try Authority(of: context, at: parts.clock.now(), transaction).keepingOwners(without: id) {
                try Self.erase(id, parts, context, transaction)
            }
            return Done()
        }
        return nil
    }

    /// Erases those whose undo window is over, one transaction each; returns how many.
    func eraseExpired(_ context: CallContext) async throws(FlowError) -> Int {
        let parts = parts
        let expired = try await parts.read(context) { try $0.all(UsersPastDeletion(now: parts.clock.now())) }
        var erased = 0
        for id in expired {
            erased += try await parts.transaction(context) { transaction in
                // Somebody may have undeleted the user since the list was read.
                guard let user = try transaction.first(LockUser(id: id))?.user, user.state == .pendingDeletion,
                    let end = user.deleteAfter, end <= parts.clock.now()
                else { return 0 }
                try Self.erase(id, parts, context, transaction)
                return 1
            }
        }
        return erased
    }

    private static func erase(
        _ id: UserID,
        _ parts: CoreParts,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        try UserStore(parts: parts).erase(id, transaction)
        try AuditStore(parts: parts).append(AuditEvent(.userErased, subjectUser: id), context, transaction)
    }
}
