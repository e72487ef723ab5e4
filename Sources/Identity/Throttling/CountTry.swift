import MariaDB

/// Counts one try of a subject and says, in the same statement, whether it may go on.
///
/// The assignments run from left to right and see the values assigned before them. The row stays locked until the
/// transaction ends, so of any number of parallel tries only as many are admitted as the rule allows, on any node.
struct CountTry: Statement {
    static let sql: SQL = """
        INSERT INTO throttles (subject_hash, kind, label, user_id, window_started_at, window_count, burst_started_at,
            burst_count, consecutive, block_level, blocked_until, burst_blocked_until, disabled_at, is_admitted, updated_at)
        VALUES (?, ?, ?, ?, ?, 1, ?, 1, 1, ?, ?, ?, ?, TRUE, ?)
        ON DUPLICATE KEY UPDATE
            is_admitted = disabled_at IS NULL
                AND (blocked_until IS NULL OR blocked_until <= VALUES(updated_at))
                AND (burst_blocked_until IS NULL OR burst_blocked_until <= VALUES(updated_at)),
            block_level = IF(is_admitted AND updated_at <= ?, 0, block_level),
            consecutive = consecutive + is_admitted,
            window_count = IF(is_admitted,
                IF(window_started_at <= ? OR blocked_until IS NOT NULL, 1, window_count + 1), window_count),
            window_started_at = IF(is_admitted AND window_count = 1, VALUES(updated_at), window_started_at),
            blocked_until = IF(is_admitted, IF(window_count < ?, NULL, IF(?,
                VALUES(updated_at) + INTERVAL LEAST(?, ? << LEAST(block_level, 20)) MICROSECOND,
                window_started_at + INTERVAL ? MICROSECOND)), blocked_until),
            block_level = block_level + (is_admitted AND window_count >= ?),
            burst_count = IF(is_admitted,
                IF(burst_started_at <= ? OR burst_blocked_until IS NOT NULL, 1, burst_count + 1), burst_count),
            burst_started_at = IF(is_admitted AND burst_count = 1, VALUES(updated_at), burst_started_at),
            burst_blocked_until = IF(is_admitted,
                IF(burst_count < ?, NULL, VALUES(updated_at) + INTERVAL ? MICROSECOND), burst_blocked_until),
            disabled_at = IF(is_admitted AND consecutive >= ?, VALUES(updated_at), disabled_at),
            user_id = VALUES(user_id),
            updated_at = IF(is_admitted, VALUES(updated_at), updated_at)
        RETURNING is_admitted, blocked_until, burst_blocked_until, disabled_at, consecutive
        """

    let subject: ThrottleSubject
    let now: Timestamp
    /// After this time without a try the blocks are short again.
    let forgiveness: Duration

    private var rule: ThrottleRule { subject.rule }
    private var burstLimit: UInt32 { rule.burst?.limit ?? .max }
    private var burstWindow: Duration { rule.burst?.window ?? rule.window }
    private var burstBlock: Duration { rule.burst?.block ?? .zero }
    private var growth: (first: Duration, cap: Duration)? {
        if case .growing(let first, let cap) = rule.block { (first, cap) } else { nil }
    }

    func bind(to parameters: inout Parameters) {
        bindFirstTry(to: &parameters)
        parameters.append(now - forgiveness)
        parameters.append(now - rule.window)
        parameters.append(rule.limit)
        parameters.append(growth != nil)
        parameters.append((growth?.cap ?? .zero).wholeMicroseconds)
        parameters.append((growth?.first ?? .zero).wholeMicroseconds)
        parameters.append(rule.window.wholeMicroseconds)
        parameters.append(rule.limit)
        parameters.append(now - burstWindow)
        parameters.append(burstLimit)
        parameters.append(burstBlock.wholeMicroseconds)
        parameters.append(rule.disableAfter ?? .max)
    }

    /// The row of a subject that was never tried before.
    private func bindFirstTry(to parameters: inout Parameters) {
        let usesWindowUp = rule.limit <= 1
        parameters.append(subject.hash)
        parameters.append(subject.kind.rawValue)
        parameters.append(Array(subject.label.utf8))
        parameters.append(subject.userID?.bytes)
        parameters.append(now)
        parameters.append(now)
        parameters.append(UInt32(usesWindowUp ? 1 : 0))
        parameters.append(usesWindowUp ? now + (growth?.first ?? rule.window) : nil)
        parameters.append(burstLimit <= 1 ? now + burstBlock : nil)
        parameters.append((rule.disableAfter ?? .max) <= 1 ? now : nil)
        parameters.append(now)
    }

    static func row(from columns: inout Columns) throws(DatabaseError) -> ThrottleCount {
        ThrottleCount(
            isAdmitted: try columns.next(Bool.self),
            blockedUntil: try columns.nextOptional(Timestamp.self),
            burstBlockedUntil: try columns.nextOptional(Timestamp.self),
            disabledAt: try columns.nextOptional(Timestamp.self),
            consecutive: try columns.next(UInt32.self)
        )
    }
}

extension CountTry: ChainedStatement {
    /// After a refusal nothing is counted, so that a blocked source adds nothing to its victims.
    static let condition: SQL = "(SELECT is_admitted FROM throttles WHERE subject_hash = ?)"

    func bindCondition(to parameters: inout Parameters) {
        parameters.append(subject.hash)
    }
}

/// What counting one try told.
struct ThrottleCount: Sendable, Hashable {
    /// Whether this try may go on.
    let isAdmitted: Bool
    /// Set by the try that used the window up, for those after it.
    let blockedUntil: Timestamp?
    let burstBlockedUntil: Timestamp?
    let disabledAt: Timestamp?
    /// Tries in a row without success.
    let consecutive: UInt32

    /// When the next try may be made; nil: at once, or, for a disabled authenticator, never by waiting.
    var nextTryAt: Timestamp? {
        [blockedUntil, burstBlockedUntil].compactMap(\.self).max()
    }
}
