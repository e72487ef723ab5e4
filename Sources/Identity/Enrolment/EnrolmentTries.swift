import MariaDB

/// Counts the tries to confirm an authenticator that is being set up, with those of signing in by it (SECURITY TOTP-04,
/// TOTP-05).
struct EnrolmentTries: Sendable {
    /// What a try came to; a value, so that the count is kept.
    enum Outcome: Sendable {
        case right
        case wrong
        case throttled(until: Timestamp)

        /// Whether it was right; throws when there were too many.
        func isRight(at now: Timestamp, _ policy: IdentityPolicy) throws(FlowError) -> Bool {
            switch self {
            case .right: return true
            case .wrong: return false
            case .throttled(let until): throw .throttled(retryAfter: max(until - now, .zero))
            }
        }
    }

    let parts: CoreParts
    let method: SignInMethodName

    /// Counts one; when it may not be made, until when.
    ///
    /// Apart from what strangers try, who could keep the owner from it (SECURITY TH-05).
    func count(_ session: Session, at now: Timestamp, _ transaction: Transaction) throws -> Timestamp? {
        guard case .throttled(let until) = try admit(session, at: now, transaction) else { return nil }
        return until
    }

    /// What counting came to; a value, so that the count is kept.
    enum Admission: Sendable {
        case admitted(ThrottleStore.Admitted)
        case throttled(until: Timestamp)
    }

    /// Counts one.
    func admit(_ session: Session, at now: Timestamp, _ transaction: Transaction) throws -> Admission {
        let store = ThrottleStore(policy: parts.policy.throttling)
        switch try store.count([subject(session)], at: now, transaction) {
        case .admitted(let admitted): return .admitted(admitted)
        case .blocked(_, let until): return .throttled(until: until ?? now + parts.policy.throttling.forgiveness)
        }
    }

    /// Counts one in a transaction of its own, before any work is done for it; throws `.throttled` when there were too many.
    func admit(_ session: Session, _ context: CallContext) async throws(FlowError) -> ThrottleStore.Admitted {
        let now = parts.clock.now()
        switch try await parts.transaction(context, { try admit(session, at: now, $0) }) {
        case .admitted(let admitted): return admitted
        case .throttled(let until): throw .throttled(retryAfter: max(until - now, .zero))
        }
    }

    /// Tells the person of a failure that used the tries up, at most once a day (SECURITY TH-10).
    func tellOfFailure(
        _ session: Session,
        _ admitted: ThrottleStore.Admitted,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard admitted.tripped.contains(.triesOfAccount) else { return }
        let once = ThrottleKeys(keyRing: parts.keyRing).subject(
            .noticesOfAccount,
            label: method.rawValue,
            identity: ThrottledAccount.user(session.userID).identity,
            userID: session.userID,
            rule: ThrottleRule(window: .seconds(86_400), limit: 1)
        )
        let store = ThrottleStore(policy: parts.policy.throttling)
        guard case .admitted = try store.count([once], at: now, transaction) else { return }
        let failures = admitted.failuresBefore + 1
        let notice = AccountNotice(.failedAttempts, at: now, source: context.source, failures: failures)
        // Not in the language of whoever failed.
        try NoticeWriter(parts: parts).tell(session.userID, notice, languages: "", at: now, transaction)
    }

    /// Forgets the failures.
    func succeed(_ session: Session, _ transaction: Transaction) throws {
        try ThrottleStore(policy: parts.policy.throttling).succeed(subject(session), transaction)
    }

    private func subject(_ session: Session) -> ThrottleSubject {
        ThrottleKeys(keyRing: parts.keyRing).subject(
            .triesOfAccount,
            label: method.rawValue,
            identity: ThrottledAccount.userApart(session.userID, session.id.bytes).identity,
            userID: session.userID,
            rule: parts.policy.throttling.account
        )
    }
}
