import MariaDB

extension SignInEngine {
    /// What a response came to, before the face's form of it.
    enum Verdict: Sendable {
        case signedIn(SignedIn)
        case proceed(SignInView)
        case refused(SignInRefusal)
    }

    /// Counts, then checks, then decides, for known and unknown names alike (SECURITY TH-03, EN-02).
    func submit(
        _ handle: TokenHash,
        _ response: SignInResponse,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Verdict {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            return .refused(.ended)
        }
        try flow.follow(.prove)
        let identity = try identity(of: flow, at: now, transaction)
        let context = context.completed(from: flow)
        let offered = try offered(to: identity, in: flow, transaction)
        guard let method = offered.first(where: { response.isFor($0.name) }) else { throw FlowError.stepNotDue }
        let account = accountSubject(method.name, identity)
        let admission = try throttles.count([account] + commonSubjects(context, identity), at: now, transaction)
        guard case .admitted(let admitted) = admission else { return .refused(refusal(admission, at: now)) }
        let attempt = SignInAttempt(flowID: flow.id, identity: identity, response: response, now: now)
        switch try method.check(attempt, transaction) {
        case .failed(let mayTryAgain):
            try recordFailure(of: method.name, flow, identity, admitted, context, transaction)
            try tellOfFailures(admitted, method.name, identity, context, at: now, transaction)
            return .refused(mayTryAgain ? .tryAgain : .ended)
        case .proved:
            try forgetFailures(account, method, identity, transaction)
            flow.factors.append(Factor(method: method.name, kind: method.name.factorKind, provedAt: now))
            flow.remembersDevice = response.remembersDevice
            return try decide(&flow, identity, admitted.failuresBefore, context, at: now, transaction)
        }
    }

    /// One budget for all spellings, both faces, and all flows of an account and method (SECURITY TH-02).
    func accountSubject(_ method: SignInMethodName, _ identity: SignInIdentity) -> ThrottleSubject {
        let account = identity.throttledAccount
        return keys.subject(
            .triesOfAccount,
            label: method.rawValue,
            identity: account.identity,
            userID: account.userID,
            rule: parts.policy.throttling.account
        )
    }

    /// What strangers' failures are counted by, for an account that proved itself apart from them.
    func strangersSubject(_ method: SignInMethodName, of user: UserID) -> ThrottleSubject {
        keys.subject(
            .triesOfAccount,
            label: method.rawValue,
            identity: ThrottledAccount.user(user).identity,
            userID: user,
            rule: parts.policy.throttling.account
        )
    }

    /// What no success gives back: source, prefix and total.
    ///
    /// A recognised device and a session that is confirmed have their own account row, and do not go by what others try at the
    /// same address (TH-05).
    func commonSubjects(_ context: CallContext, _ identity: SignInIdentity? = nil) -> [ThrottleSubject] {
        guard identity?.isApart != true else { return [totalSubject()] }
        let policy = parts.policy.throttling
        let ofSource = keys.sourceSubjects(
            context.source,
            label: "sign_in",
            address: (.triesOfSource, policy.source),
            prefix: (.triesOfPrefix, policy.prefix)
        )
        return ofSource + [totalSubject()]
    }

    /// All tries together.
    func totalSubject() -> ThrottleSubject {
        keys.totalSubject(
            .triesInTotal,
            label: "sign_in",
            rule: parts.policy.throttling.total,
            shards: parts.policy.throttling.totalShards,
            random: parts.random
        )
    }

    /// A disabled authenticator cannot be waited for: the flow is of no use.
    func refusal(_ admission: ThrottleStore.Admission, at now: Timestamp) -> SignInRefusal {
        guard case .blocked(_, let until) = admission, let until else { return .ended }
        return .throttled(retryAfter: until - now)
    }

    /// A success resets its own account and method, and the wait between messages to the address it proved: never the
    /// budgets of sources, addresses, or the total (SECURITY TH-04).
    private func forgetFailures(
        _ account: ThrottleSubject,
        _ method: any SignInMethod,
        _ identity: SignInIdentity,
        _ transaction: Transaction
    ) throws {
        try throttles.succeed(account, transaction)
        guard let budget = method.deliveryBudget else { return }
        try throttles.succeed(intervalSubject(budget, method.name, identity), transaction)
    }

    func recordFailure(
        of method: SignInMethodName,
        _ flow: SignInFlow,
        _ identity: SignInIdentity,
        _ admitted: ThrottleStore.Admitted,
        _ context: CallContext,
        _ transaction: Transaction
    ) throws {
        var event = AuditEvent(
            .signInRefused,
            outcome: .failure,
            reason: .signInRefused,
            subjectUser: identity.owner?.userID,
            subjectID: flow.id.bytes,
            details: ["method": method.rawValue]
        )
        try audit.append(event, context, transaction)
        guard !admitted.tripped.isEmpty else { return }
        event.kind = .signInThrottled
        event.reason = .throttled
        event.details["limits"] = admitted.tripped.map { "\($0)" }.joined(separator: " ")
        try audit.append(event, context, transaction)
    }
}
