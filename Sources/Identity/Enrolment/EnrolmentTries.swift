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
        let store = ThrottleStore(policy: parts.policy.throttling)
        guard case .blocked(_, let until) = try store.count([subject(session)], at: now, transaction) else {
            return nil
        }
        return until ?? now + parts.policy.throttling.forgiveness
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
