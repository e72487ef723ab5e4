package import MariaDB

// State diagram (PRODUCT section 2):
//
//   active <-> disabled        disable / enable
//   active <-> locked          lock / unlock or enable, or by itself when the time is over
//   locked -> disabled         disable
//   any state -> pending deletion -> gone
//                      undelete goes back to what was before
extension UserFlows {
    /// Stops every sign-in and ends all sessions at once.
    ///
    /// `reason`: at most 500 characters, for administrators.
    package func disable(
        _ id: UserID,
        reason: String,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        let reason = try Self.checked(reason: reason)
        return try await change(id, .userDisabled, expectedRevision: expectedRevision, context) { row, _ in
            guard row.user.state != .pendingDeletion else { throw FlowError.userStateUnsuitable }
            guard row.user.state != .disabled || row.user.stateReason != reason else { return .unchanged }
            row.user.state = .disabled
            row.user.stateReason = reason
            row.user.lockedUntil = nil
            return .ended
        }
    }

    /// Stops every sign-in until a time, and ends all sessions at once.
    package func lock(
        _ id: UserID,
        until: Timestamp,
        reason: String,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        let reason = try Self.checked(reason: reason)
        return try await change(id, .userLocked, expectedRevision: expectedRevision, context) { row, now in
            guard row.user.state == .active || row.user.state == .locked else { throw FlowError.userStateUnsuitable }
            guard until > now else { throw FlowError.invalid("locked_until", .fieldInvalid, "must lie in the future") }
            row.user.state = .locked
            row.user.stateReason = reason
            row.user.lockedUntil = until
            return .ended
        }
    }

    /// Lets a locked user sign in again before the time is over; an active one stays as they are.
    package func unlock(
        _ id: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        return try await change(id, .userUnlocked, expectedRevision: expectedRevision, context) { row, _ in
            switch row.user.state {
            case .active: return .unchanged
            case .disabled, .pendingDeletion: throw FlowError.userStateUnsuitable
            case .locked:
                row.user.state = .active
                row.user.stateReason = ""
                row.user.lockedUntil = nil
                return .changed
            }
        }
    }

    /// Lets a disabled or locked user sign in again; an active one stays as they are.
    package func enable(
        _ id: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        return try await change(id, .userEnabled, expectedRevision: expectedRevision, context) { row, _ in
            switch row.user.state {
            case .active: return .unchanged
            case .pendingDeletion: throw FlowError.userStateUnsuitable
            case .disabled, .locked:
                row.user.state = .active
                row.user.stateReason = ""
                row.user.lockedUntil = nil
                return .changed
            }
        }
    }

    /// Marks a user for erasure after the undo window and ends all sessions; deleting again changes nothing.
    package func delete(
        _ id: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        return try await markForErasure(id, expectedRevision: expectedRevision, context)
    }

    /// What both the owner and an administrator do; the caller checked the right.
    func markForErasure(
        _ id: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        let window = parts.policy.deletionWindow
        return try await change(id, .userDeleted, expectedRevision: expectedRevision, context) { row, now in
            guard row.user.state != .pendingDeletion else { return .unchanged }
            row.restoreState = row.user.state
            row.user.state = .pendingDeletion
            row.user.deleteAfter = now + window
            return .ended
        }
    }

    /// Takes a deletion back while its undo window is open: the user is again what he was, disabled or locked included.
    package func undelete(
        _ id: UserID,
        expectedRevision: UInt64? = nil,
        _ context: CallContext
    ) async throws(FlowError) -> User {
        try context.require(.usersWrite)
        return try await change(id, .userUndeleted, expectedRevision: expectedRevision, context) { row, now in
            guard row.user.state == .pendingDeletion, let end = row.user.deleteAfter, now < end else {
                throw FlowError.userStateUnsuitable
            }
            row.user.state = row.restoreState ?? .disabled
            row.restoreState = nil
            row.user.deleteAfter = nil
            return .changed
        }
    }

    private static func checked(reason: String) throws(FlowError) -> String {
        guard reason.unicodeScalars.count <= 500 else {
            throw .invalid("reason", .fieldTooLong, "reason must have at most 500 characters")
        }
        let isPlain = reason.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t"
        }
        guard isPlain else { throw .invalid("reason", .fieldInvalid, "reason must not hold control characters") }
        return reason
    }
}
