import MariaDB

extension SignInEngine {
    /// Failures in a row that a person is told of, when a sign-in succeeds after them.
    private static let worthTelling: UInt32 = 5

    /// Tells a person of many failures, at most once a day for each method; of the last one always, which switches the
    /// method off.
    ///
    /// Called for a name that nobody has as well, and does the same work.
    func tellOfFailures(
        _ admitted: ThrottleStore.Admitted,
        _ method: SignInMethodName,
        _ identity: SignInIdentity,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard admitted.tripped.contains(.triesOfAccount) else { return }
        let account = identity.throttledAccount
        let once = keys.subject(
            .noticesOfAccount,
            label: method.rawValue,
            identity: account.identity,
            userID: account.userID,
            rule: ThrottleRule(window: .seconds(86_400), limit: 1)
        )
        let count = try throttles.count([once], at: now, transaction)
        if case .blocked = count, !admitted.isDisabling { return }
        let notice = AccountNotice(
            admitted.isDisabling ? .methodDisabled : .failedAttempts,
            at: now,
            source: context.source,
            failures: admitted.failuresBefore + 1
        )
        // Not in the language of whoever failed.
        try NoticeWriter(parts: parts).tellOwner(of: identity, notice, languages: "", at: now, transaction)
    }

    /// Tells a person of a sign-in on a device that was not known, or after many failures; says whether there was reason to.
    @discardableResult
    func tellOfSignIn(
        _ user: UserID,
        isKnownDevice: Bool,
        failuresBefore: UInt32,
        _ languages: String,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Bool {
        let failures = failuresBefore >= Self.worthTelling ? failuresBefore : 0
        guard !isKnownDevice || failures > 0 else { return false }
        let notice = AccountNotice(
            isKnownDevice ? .signInAfterFailures : .newDevice,
            at: now,
            userAgent: context.userAgent,
            source: context.source,
            failures: failures
        )
        try NoticeWriter(parts: parts).tell(user, notice, languages: languages, at: now, transaction)
        return true
    }
}
