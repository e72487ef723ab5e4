import MariaDB

extension SignInEngine {
    /// Adds a new flow, and with an identifier makes its first challenge.
    ///
    /// A source that begins too many gets none.
    func begin(
        _ flow: SignInFlow,
        handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Outcome<SignInView> {
        if case .blocked(_, let until) = try throttles.count(beginSubjects(context), at: now, transaction) {
            return .throttled(until: until)
        }
        var flow = flow
        let identifier = flow.identifier
        flow.identifier = nil
        guard let identifier else {
            try flows.insert(flow, handle: handle, at: now, transaction)
            return .done(try view(of: flow, transaction))
        }
        var identity = try meet(identifier, on: context.devices, at: now, transaction)
        identity.session = flow.confirming?.session
        let plan = try planFirstChallenge(for: identity, in: flow, context, at: now, transaction)
        if case .refused(let until) = plan { return .throttled(until: until) }
        try flow.follow(.identify)
        flow.identifier = identifier
        flow.deviceID = identity.device
        try flows.insert(flow, handle: handle, at: now, transaction)
        if let plan { try challenge(flow, identity, plan, context, at: now, transaction) }
        return .done(try view(of: flow, naming: identity, transaction))
    }

    /// Names who wants to sign in, or somebody else as long as nothing is proved, and makes the first challenge.
    func identify(
        _ handle: TokenHash,
        _ identifier: SignInFlow.Identifier,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Outcome<SignInView> {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            throw FlowError.flowEnded
        }
        // Whose session is confirmed is settled when the flow begins (SECURITY SU-03).
        guard flow.confirming == nil else { throw FlowError.stepNotDue }
        try flow.follow(.identify)
        flow.client.complete(from: context)
        let context = context.completed(from: flow)
        let identity = try meet(identifier, on: context.devices, at: now, transaction)
        let plan = try planFirstChallenge(for: identity, in: flow, context, at: now, transaction)
        if case .refused(let until) = plan { return .throttled(until: until) }
        flow.identifier = identifier
        flow.deviceID = identity.device
        try flows.update(flow, transaction)
        try voidChallenges(of: flow, transaction)
        if let plan { try challenge(flow, identity, plan, context, at: now, transaction) }
        return .done(try view(of: flow, naming: identity, transaction))
    }

    /// What the budgets say to a challenge that nobody asked for; nil: none is made, since a password may come first.
    private func planFirstChallenge(
        for identity: SignInIdentity,
        in flow: SignInFlow,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> ChallengePlan? {
        guard !parts.policy.passwords.isEnabled || flow.confirming != nil else { return nil }
        return try planChallenge(for: identity, in: flow, context, at: now, transaction)
    }

    /// Makes a new challenge, if the budgets allow; the one before is void then, and stays good otherwise.
    func sendAgain(
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws -> Outcome<SignInView> {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else {
            throw FlowError.flowEnded
        }
        try flow.follow(.challenge)
        let identity = try identity(of: flow, at: now, transaction)
        let context = context.completed(from: flow)
        guard let plan = try planChallenge(for: identity, in: flow, context, at: now, transaction) else {
            throw FlowError.stepNotDue
        }
        switch plan {
        case .refused(let until), .withheld(let until): return .throttled(until: until)
        case .deliver:
            try challenge(flow, identity, plan, context, at: now, transaction)
            return .done(try view(of: flow, naming: identity, transaction))
        }
    }

    /// Ends an open flow; anything else is left as it is.
    func cancel(
        _ handle: TokenHash,
        _ context: CallContext,
        at now: Timestamp,
        _ transaction: Transaction
    ) throws {
        guard var flow = try flows.lockOpen(handle, of: context.flowOwner, at: now, transaction) else { return }
        try flow.follow(.cancel)
        try voidChallenges(of: flow, transaction)
        try flows.update(flow, transaction)
    }

    /// What beginnings are counted by, and under another label what may be asked for without proving anything.
    func beginSubjects(_ context: CallContext, label: String = "sign_in") -> [ThrottleSubject] {
        let policy = parts.policy.throttling
        return keys.sourceSubjects(
            context.source,
            label: label,
            address: (.beginsOfSource, policy.beginsPerSource),
            prefix: (.beginsOfPrefix, policy.beginsPerPrefix)
        )
    }
}
