import MariaDB

extension UserFlows {
    /// What a change came to.
    enum Change {
        case unchanged
        case changed
        /// Changed so that sessions, sign-ins under way and codes end with it (SECURITY SE-07).
        case ended
    }

    /// Reads a user under a lock, checks the revision, lets `body` change it, and writes it with its audit event.
    func change(
        _ id: UserID,
        _ kind: AuditEventKind,
        expectedRevision: UInt64?,
        _ context: CallContext,
        _ body: @escaping @Sendable (inout UserRow, _ now: Timestamp) throws -> Change
    ) async throws(FlowError) -> User {
        let parts = parts
        let user = try await parts.mutate(context) { transaction in
            let now = parts.clock.now()
            // First, as every change of membership takes it: whoever is deleted may be the last owner of a role.
            if kind == .userDeleted { try transaction.execute(TakeMembershipGuard()) }
            guard var row = try transaction.first(LockUser(id: id)) else { throw FlowError.notFound }
            try parts.requireAuthority(over: id, context, transaction)
            try parts.requireStrongestProof(context, transaction)
            let readRevision = row.user.revision
            if let expectedRevision, expectedRevision != readRevision {
                throw FlowError.revisionConflict(current: readRevision)
            }
            row.user = row.user.effective(at: now)
            let (state, reason) = (row.user.state, row.user.stateReason)
            let externalID = row.user.externalID
            let change = try body(&row, now)
            guard change != .unchanged else { return row.user }
            let isOfState = row.user.state != state || row.user.stateReason != reason || change == .ended
            if isOfState { row.user.stateChange = StateChange(by: context, at: now) }
            row.user.revision += 1
            row.user.updatedAt = now
            let changed = row
            let save = { try write(changed, readRevision: readRevision, transaction) }
            if kind == .userDeleted {
                try Authority(of: context, at: now, transaction).keepingOwners(without: id, save)
            } else {
                try save()
            }
            if row.user.externalID != externalID { try parts.textsChanged(of: id, transaction) }
            let ended = change == .ended ? try UserStore(parts: parts).endEverything(of: id, transaction) : 0
            let details = change == .ended ? ["sessions_ended": "\(ended)"] : [:]
            let event = AuditEvent(kind, subjectUser: id, details: details)
            try AuditStore(parts: parts).append(event, context, transaction)
            if row.user.state != state { try tell(row.user, of: kind, context, at: now, transaction) }
            return row.user
        }
        parts.outboxSignal.raise()
        return user
    }

    private func tell(
        _ user: User,
        of kind: AuditEventKind,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        if kind == .userDeleted, case .user = context.actor {
            return try tellOfLeaving(user, context, at: now, transaction)
        }
        guard let notice = kind.noticeOfState else { return }
        try NoticeWriter(parts: parts).tell(user.id, notice, context, at: now, transaction)
    }

    func write(_ row: UserRow, readRevision: UInt64, _ transaction: Transaction) throws {
        let externalID = row.user.externalID.flatMap(ExternalID.init)
        let statement = UpdateUser(row: row, externalID: externalID, readRevision: readRevision)
        let written = try transaction.execute(statement, orOnDuplicate: "users_external_id", throw: .externalIDTaken)
        guard written == 1 else { throw DatabaseError(.deadlock, "a locked user changed under us") }
    }
}

extension AuditEventKind {
    /// What the person is told of a change of state.
    fileprivate var noticeOfState: AccountNotice.Kind? {
        switch self {
        case .userDisabled: .accountDisabled
        case .userEnabled: .accountEnabled
        case .userLocked: .accountLocked
        case .userUnlocked: .accountUnlocked
        case .userDeleted: .accountDeleted
        case .userUndeleted: .accountUndeleted
        default: nil
        }
    }
}
