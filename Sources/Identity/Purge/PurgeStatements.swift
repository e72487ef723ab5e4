import MariaDB

/// Removes a small batch of rows that are over since `before`.
protocol PurgeStatement: Statement where Row == NoRow {
    /// In metrics and logs.
    static var table: String { get }
    init(before: Timestamp)
    var before: Timestamp { get }
}

extension PurgeStatement {
    func bind(to parameters: inout Parameters) { parameters.append(before) }
}

struct PurgeIdleSessions: PurgeStatement {
    static let table = "sessions"
    static let sql: SQL = "DELETE FROM sessions WHERE idle_expires_at <= ? ORDER BY idle_expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeEndedSessions: PurgeStatement {
    static let table = "sessions"
    static let sql: SQL = "DELETE FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeDevices: PurgeStatement {
    static let table = "devices"
    static let sql: SQL = "DELETE FROM devices WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Authenticator apps whose first code never came.
struct PurgePendingTOTPDevices: PurgeStatement {
    static let table = "totp_devices"
    static let sql: SQL = "DELETE FROM totp_devices WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgePasskeyChallenges: PurgeStatement {
    static let table = "passkey_challenges"
    static let sql: SQL = "DELETE FROM passkey_challenges WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Addresses that were never proved.
struct PurgeClaims: PurgeStatement {
    static let table = "identifier_claims"
    static let sql: SQL = "DELETE FROM identifier_claims WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Changes of addresses that can be taken back no more.
struct PurgeUndos: PurgeStatement {
    static let table = "identifier_undos"
    static let sql: SQL = "DELETE FROM identifier_undos WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Invitations that are over, whatever became of them.
struct PurgeInvitations: PurgeStatement {
    static let table = "invitations"
    static let sql: SQL = "DELETE FROM invitations WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeFlows: PurgeStatement {
    static let table = "sign_in_flows"
    static let sql: SQL = "DELETE FROM sign_in_flows WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeCodes: PurgeStatement {
    static let table = "one_time_codes"
    static let sql: SQL = "DELETE FROM one_time_codes WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Tickets that are over; until then one that comes again is known.
struct PurgeTickets: PurgeStatement {
    static let table = "tickets"
    static let sql: SQL = "DELETE FROM tickets WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeServiceTokens: PurgeStatement {
    static let table = "service_tokens"
    static let sql: SQL = "DELETE FROM service_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

struct PurgeIdempotencyKeys: PurgeStatement {
    static let table = "idempotency_keys"
    static let sql: SQL = "DELETE FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT 500"
    let before: Timestamp
}

/// Throttles that nobody touched.
///
/// Not those that have failures in a row of an account, known or not: a guesser who waits must come to the hundredth, too
/// (SECURITY TH-01). One that disables an authenticator stays until an administrator clears it.
struct PurgeThrottles: PurgeStatement {
    static let table = "throttles"
    static let sql: SQL = """
        DELETE FROM throttles WHERE updated_at <= ? AND disabled_at IS NULL AND (kind <> 13 OR consecutive = 0)
            AND (blocked_until IS NULL OR blocked_until <= ?) ORDER BY updated_at LIMIT 500
        """
    let before: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(before)
        parameters.append(before)
    }
}

/// Failures in a row that are so old that who made them has given up.
struct PurgeFailures: PurgeStatement {
    static let table = "throttles"
    static let sql: SQL = """
        DELETE FROM throttles WHERE updated_at <= ? AND disabled_at IS NULL
            AND (blocked_until IS NULL OR blocked_until <= ?) ORDER BY updated_at LIMIT 500
        """
    let before: Timestamp

    func bind(to parameters: inout Parameters) {
        parameters.append(before)
        parameters.append(before)
    }
}

struct PurgeMessages: PurgeStatement {
    static let table = "outbox"
    static let sql: SQL = """
        DELETE FROM outbox WHERE expires_at <= ? AND finished_at IS NOT NULL ORDER BY expires_at LIMIT 500
        """
    let before: Timestamp
}

struct PurgeImportMarks: PurgeStatement {
    static let table = "user_imports"
    static let sql: SQL = "DELETE FROM user_imports WHERE imported_at <= ? ORDER BY imported_at LIMIT 500"
    let before: Timestamp
}
