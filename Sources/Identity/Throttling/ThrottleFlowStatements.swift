import MariaDB

/// The limits of a user.
struct ListThrottles: Statement {
    static let sql: SQL = """
        SELECT kind, label, window_count, consecutive, blocked_until, burst_blocked_until, disabled_at, updated_at
        FROM throttles WHERE user_id = ?
        """

    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ThrottleStatus {
        let kindColumn = columns.position
        guard let kind = ThrottleKind(rawValue: try columns.next(UInt8.self)) else {
            throw columns.mismatch(at: kindColumn, wanted: "kind of throttle")
        }
        let label = String(decoding: try columns.next([UInt8].self), as: UTF8.self)
        let count = try columns.next(UInt32.self)
        let consecutive = try columns.next(UInt32.self)
        let blocks = [try columns.nextOptional(Timestamp.self), try columns.nextOptional(Timestamp.self)]
        return ThrottleStatus(
            kind: kind,
            label: label,
            count: count,
            consecutive: consecutive,
            blockedUntil: blocks.compactMap(\.self).max(),
            disabledAt: try columns.nextOptional(Timestamp.self),
            updatedAt: try columns.next(Timestamp.self)
        )
    }
}

/// Removes the limits of a user.
struct DeleteThrottles: Statement {
    static let sql: SQL = "DELETE FROM throttles WHERE user_id = ?"

    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
    }
}

/// Whether there is such a user.
struct UserIsThere: Statement {
    static let sql: SQL = "SELECT 1 FROM users WHERE id = ?"

    let user: UserID

    func bind(to parameters: inout Parameters) {
        parameters.append(user)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> Int64 {
        try columns.next(Int64.self)
    }
}
